import type { Work } from './work.ts';

// How gains are told from chance.

export const efron1993: Work = {
  key: 'efron1993',
  kind: 'book',
  authors: ['Efron, Bradley', 'Tibshirani, Robert J.'],
  title: 'An Introduction to the Bootstrap',
  venue: 'Chapman & Hall',
  year: 1993,
};

export const westfall1993: Work = {
  key: 'westfall1993',
  kind: 'book',
  authors: ['Westfall, Peter H.', 'Young, S. Stanley'],
  title: 'Resampling-Based Multiple Testing: Examples and Methods for p-Value Adjustment',
  venue: 'Wiley',
  year: 1993,
};

export const obuchowski1995: Work = {
  key: 'obuchowski1995',
  kind: 'article',
  authors: ['Obuchowski, Nancy A.', 'Rockette, Howard E.'],
  title:
    'Hypothesis testing of diagnostic accuracy for multiple readers and multiple tests: An ANOVA approach with dependent observations',
  venue: 'Communications in Statistics - Simulation and Computation',
  year: 1995,
  volume: '24',
  number: '2',
  pages: ['285', '308'],
  doi: '10.1080/03610919508813243',
};

export const hillis2007: Work = {
  key: 'hillis2007',
  kind: 'article',
  authors: ['Hillis, Stephen L.'],
  title: 'A comparison of denominator degrees of freedom methods for multiple observer ROC analysis',
  venue: 'Statistics in Medicine',
  year: 2007,
  volume: '26',
  number: '3',
  pages: ['596', '619'],
  doi: '10.1002/sim.2532',
};

export const tusher2001: Work = {
  key: 'tusher2001',
  kind: 'article',
  authors: ['Tusher, Virginia Goss', 'Tibshirani, Robert', 'Chu, Gilbert'],
  title: 'Significance analysis of microarrays applied to the ionizing radiation response',
  venue: 'Proceedings of the National Academy of Sciences',
  year: 2001,
  volume: '98',
  number: '9',
  pages: ['5116', '5121'],
  doi: '10.1073/pnas.091062498',
};

export const dunn1961: Work = {
  key: 'dunn1961',
  kind: 'article',
  authors: ['Dunn, Olive Jean'],
  title: 'Multiple Comparisons among Means',
  venue: 'Journal of the American Statistical Association',
  year: 1961,
  volume: '56',
  number: '293',
  pages: ['52', '64'],
  doi: '10.1080/01621459.1961.10482090',
};
