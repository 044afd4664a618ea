import { venues } from './work.ts';
import type { Work } from './work.ts';

// Ways to prune, and to train what is left.

export const han2015: Work = {
  key: 'han2015',
  kind: 'inproceedings',
  authors: ['Han, Song', 'Pool, Jeff', 'Tran, John', 'Dally, William J.'],
  title: 'Learning both Weights and Connections for Efficient Neural Networks',
  venue: venues.nips,
  year: 2015,
  arxiv: '1506.02626',
};

export const renda2020: Work = {
  key: 'renda2020',
  kind: 'inproceedings',
  authors: ['Renda, Alex', 'Frankle, Jonathan', 'Carbin, Michael'],
  title: 'Comparing Rewinding and Fine-tuning in Neural Network Pruning',
  venue: venues.iclr,
  year: 2020,
  arxiv: '2003.02389',
};

export const frankle2020: Work = {
  key: 'frankle2020',
  kind: 'inproceedings',
  authors: ['Frankle, Jonathan', 'Dziugaite, Gintare Karolina', 'Roy, Daniel M.', 'Carbin, Michael'],
  title: 'Linear Mode Connectivity and the Lottery Ticket Hypothesis',
  venue: venues.icml,
  year: 2020,
  arxiv: '1912.05671',
};

export const lee2019: Work = {
  key: 'lee2019',
  kind: 'inproceedings',
  authors: ['Lee, Namhoon', 'Ajanthan, Thalaiyasingam', 'Torr, Philip H. S.'],
  title: 'SNIP: Single-shot Network Pruning based on Connection Sensitivity',
  venue: venues.iclr,
  year: 2019,
  arxiv: '1810.02340',
};

export const molchanov2019: Work = {
  key: 'molchanov2019',
  kind: 'inproceedings',
  authors: ['Molchanov, Pavlo', 'Mallya, Arun', 'Tyree, Stephen', 'Frosio, Iuri', 'Kautz, Jan'],
  title: 'Importance Estimation for Neural Network Pruning',
  venue: venues.cvpr,
  year: 2019,
  arxiv: '1906.10771',
};

export const mishra2021: Work = {
  key: 'mishra2021',
  kind: 'preprint',
  authors: [
    'Mishra, Asit',
    'Albericio Latorre, Jorge',
    'Pool, Jeff',
    'Stosic, Darko',
    'Stosic, Dusan',
    'Venkatesh, Ganesh',
    'Yu, Chong',
    'Micikevicius, Paulius',
  ],
  title: 'Accelerating Sparse Deep Neural Networks',
  year: 2021,
  arxiv: '2104.08378',
};

export const li2017: Work = {
  key: 'li2017',
  kind: 'inproceedings',
  authors: ['Li, Hao', 'Kadav, Asim', 'Durdanovic, Igor', 'Samet, Hanan', 'Graf, Hans Peter'],
  title: 'Pruning Filters for Efficient ConvNets',
  venue: venues.iclr,
  year: 2017,
  arxiv: '1608.08710',
};

export const cassano2025: Work = {
  key: 'cassano2025',
  kind: 'preprint',
  authors: ['Cassano, Enrico', 'Renzulli, Riccardo', 'Bragagnolo, Andrea', 'Grangetto, Marco'],
  title: 'When Does Pruning Benefit Vision Representations?',
  year: 2025,
  arxiv: '2507.01722',
};
