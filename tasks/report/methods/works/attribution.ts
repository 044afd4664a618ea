import { venues } from './work.ts';
import type { Work } from './work.ts';

// What pixels spoke for, and whether explanations can be believed.

export const sundararajan2017: Work = {
  key: 'sundararajan2017',
  kind: 'inproceedings',
  authors: ['Sundararajan, Mukund', 'Taly, Ankur', 'Yan, Qiqi'],
  title: 'Axiomatic Attribution for Deep Networks',
  venue: venues.icml,
  year: 2017,
  pages: ['3319', '3328'],
  arxiv: '1703.01365',
};

export const selvaraju2017: Work = {
  key: 'selvaraju2017',
  kind: 'inproceedings',
  authors: [
    'Selvaraju, Ramprasaath R.',
    'Cogswell, Michael',
    'Das, Abhishek',
    'Vedantam, Ramakrishna',
    'Parikh, Devi',
    'Batra, Dhruv',
  ],
  title: 'Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization',
  venue: 'IEEE International Conference on Computer Vision',
  year: 2017,
  pages: ['618', '626'],
  doi: '10.1109/ICCV.2017.74',
  arxiv: '1610.02391',
};

export const springenberg2015: Work = {
  key: 'springenberg2015',
  kind: 'inproceedings',
  authors: ['Springenberg, Jost Tobias', 'Dosovitskiy, Alexey', 'Brox, Thomas', 'Riedmiller, Martin'],
  title: 'Striving for Simplicity: The All Convolutional Net',
  venue: 'International Conference on Learning Representations, Workshop Track',
  year: 2015,
  arxiv: '1412.6806',
};

export const simonyan2014: Work = {
  key: 'simonyan2014',
  kind: 'inproceedings',
  authors: ['Simonyan, Karen', 'Vedaldi, Andrea', 'Zisserman, Andrew'],
  title: 'Deep Inside Convolutional Networks: Visualising Image Classification Models and Saliency Maps',
  venue: 'International Conference on Learning Representations, Workshop Track',
  year: 2014,
  arxiv: '1312.6034',
};

export const shrikumar2017: Work = {
  key: 'shrikumar2017',
  kind: 'inproceedings',
  authors: ['Shrikumar, Avanti', 'Greenside, Peyton', 'Kundaje, Anshul'],
  title: 'Learning Important Features Through Propagating Activation Differences',
  venue: venues.icml,
  year: 2017,
  pages: ['3145', '3153'],
  arxiv: '1704.02685',
};

export const smilkov2017: Work = {
  key: 'smilkov2017',
  kind: 'preprint',
  authors: ['Smilkov, Daniel', 'Thorat, Nikhil', 'Kim, Been', 'Viégas, Fernanda', 'Wattenberg, Martin'],
  title: 'SmoothGrad: removing noise by adding noise',
  year: 2017,
  arxiv: '1706.03825',
};

export const bach2015: Work = {
  key: 'bach2015',
  kind: 'article',
  authors: [
    'Bach, Sebastian',
    'Binder, Alexander',
    'Montavon, Grégoire',
    'Klauschen, Frederick',
    'Müller, Klaus-Robert',
    'Samek, Wojciech',
  ],
  title: 'On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise Relevance Propagation',
  venue: 'PLOS ONE',
  year: 2015,
  volume: '10',
  number: '7',
  doi: '10.1371/journal.pone.0130140',
};

export const caron2021: Work = {
  key: 'caron2021',
  kind: 'inproceedings',
  authors: [
    'Caron, Mathilde',
    'Touvron, Hugo',
    'Misra, Ishan',
    'Jégou, Hervé',
    'Mairal, Julien',
    'Bojanowski, Piotr',
    'Joulin, Armand',
  ],
  title: 'Emerging Properties in Self-Supervised Vision Transformers',
  venue: venues.iccv,
  year: 2021,
  arxiv: '2104.14294',
};

export const abnar2020: Work = {
  key: 'abnar2020',
  kind: 'inproceedings',
  authors: ['Abnar, Samira', 'Zuidema, Willem'],
  title: 'Quantifying Attention Flow in Transformers',
  venue: 'Annual Meeting of the Association for Computational Linguistics',
  year: 2020,
  pages: ['4190', '4197'],
  doi: '10.18653/v1/2020.acl-main.385',
  arxiv: '2005.00928',
};

export const adebayo2018: Work = {
  key: 'adebayo2018',
  kind: 'inproceedings',
  authors: [
    'Adebayo, Julius',
    'Gilmer, Justin',
    'Muelly, Michael',
    'Goodfellow, Ian',
    'Hardt, Moritz',
    'Kim, Been',
  ],
  title: 'Sanity Checks for Saliency Maps',
  venue: venues.nips,
  year: 2018,
  arxiv: '1810.03292',
};
