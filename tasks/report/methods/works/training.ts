import { venues } from './work.ts';
import type { Work } from './work.ts';

// Optimisers, schedules, and what is done to images and labels.

export const sutskever2013: Work = {
  key: 'sutskever2013',
  kind: 'inproceedings',
  authors: ['Sutskever, Ilya', 'Martens, James', 'Dahl, George', 'Hinton, Geoffrey'],
  title: 'On the importance of initialization and momentum in deep learning',
  venue: venues.icml,
  year: 2013,
  pages: ['1139', '1147'],
};

export const tieleman2012: Work = {
  key: 'tieleman2012',
  kind: 'lecture',
  authors: ['Tieleman, Tijmen', 'Hinton, Geoffrey'],
  title: 'Lecture 6.5: RMSProp: Divide the gradient by a running average of its recent magnitude',
  venue: 'COURSERA: Neural Networks for Machine Learning',
  year: 2012,
};

export const kingma2015: Work = {
  key: 'kingma2015',
  kind: 'inproceedings',
  authors: ['Kingma, Diederik P.', 'Ba, Jimmy'],
  title: 'Adam: A Method for Stochastic Optimization',
  venue: venues.iclr,
  year: 2015,
  arxiv: '1412.6980',
};

export const loshchilov2019: Work = {
  key: 'loshchilov2019',
  kind: 'inproceedings',
  authors: ['Loshchilov, Ilya', 'Hutter, Frank'],
  title: 'Decoupled Weight Decay Regularization',
  venue: venues.iclr,
  year: 2019,
  arxiv: '1711.05101',
};

export const loshchilov2017: Work = {
  key: 'loshchilov2017',
  kind: 'inproceedings',
  authors: ['Loshchilov, Ilya', 'Hutter, Frank'],
  title: 'SGDR: Stochastic Gradient Descent with Warm Restarts',
  venue: venues.iclr,
  year: 2017,
  arxiv: '1608.03983',
};

export const pascanu2013: Work = {
  key: 'pascanu2013',
  kind: 'inproceedings',
  authors: ['Pascanu, Razvan', 'Mikolov, Tomas', 'Bengio, Yoshua'],
  title: 'On the difficulty of training recurrent neural networks',
  venue: venues.icml,
  year: 2013,
  pages: ['1310', '1318'],
  arxiv: '1211.5063',
};

export const polyak1992: Work = {
  key: 'polyak1992',
  kind: 'article',
  authors: ['Polyak, B. T.', 'Juditsky, A. B.'],
  title: 'Acceleration of Stochastic Approximation by Averaging',
  venue: 'SIAM Journal on Control and Optimization',
  year: 1992,
  volume: '30',
  number: '4',
  pages: ['838', '855'],
  doi: '10.1137/0330046',
};

export const szegedy2016: Work = {
  key: 'szegedy2016',
  kind: 'inproceedings',
  authors: [
    'Szegedy, Christian',
    'Vanhoucke, Vincent',
    'Ioffe, Sergey',
    'Shlens, Jonathon',
    'Wojna, Zbigniew',
  ],
  title: 'Rethinking the Inception Architecture for Computer Vision',
  venue: 'IEEE Conference on Computer Vision and Pattern Recognition',
  year: 2016,
  pages: ['2818', '2826'],
  doi: '10.1109/CVPR.2016.308',
  arxiv: '1512.00567',
};

export const zhang2018mixup: Work = {
  key: 'zhang2018mixup',
  kind: 'inproceedings',
  authors: ['Zhang, Hongyi', 'Cisse, Moustapha', 'Dauphin, Yann N.', 'Lopez-Paz, David'],
  title: 'mixup: Beyond Empirical Risk Minimization',
  venue: venues.iclr,
  year: 2018,
  arxiv: '1710.09412',
};

export const yun2019: Work = {
  key: 'yun2019',
  kind: 'inproceedings',
  authors: [
    'Yun, Sangdoo',
    'Han, Dongyoon',
    'Oh, Seong Joon',
    'Chun, Sanghyuk',
    'Choe, Junsuk',
    'Yoo, Youngjoon',
  ],
  title: 'CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features',
  venue: venues.iccv,
  year: 2019,
  arxiv: '1905.04899',
};

export const cubuk2019: Work = {
  key: 'cubuk2019',
  kind: 'inproceedings',
  authors: ['Cubuk, Ekin D.', 'Zoph, Barret', 'Mané, Dandelion', 'Vasudevan, Vijay', 'Le, Quoc V.'],
  title: 'AutoAugment: Learning Augmentation Strategies from Data',
  venue: venues.cvpr,
  year: 2019,
  arxiv: '1805.09501',
};

export const cubuk2020: Work = {
  key: 'cubuk2020',
  kind: 'inproceedings',
  authors: ['Cubuk, Ekin D.', 'Zoph, Barret', 'Shlens, Jonathon', 'Le, Quoc V.'],
  title: 'RandAugment: Practical automated data augmentation with a reduced search space',
  venue: 'IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops',
  year: 2020,
  arxiv: '1909.13719',
};

export const muller2021: Work = {
  key: 'muller2021',
  kind: 'inproceedings',
  authors: ['Müller, Samuel G.', 'Hutter, Frank'],
  title: 'TrivialAugment: Tuning-free Yet State-of-the-Art Data Augmentation',
  venue: venues.iccv,
  year: 2021,
  arxiv: '2103.10158',
};

export const zhong2020: Work = {
  key: 'zhong2020',
  kind: 'inproceedings',
  authors: ['Zhong, Zhun', 'Zheng, Liang', 'Kang, Guoliang', 'Li, Shaozi', 'Yang, Yi'],
  title: 'Random Erasing Data Augmentation',
  venue: 'AAAI Conference on Artificial Intelligence',
  year: 2020,
  arxiv: '1708.04896',
};

export const hoffer2020: Work = {
  key: 'hoffer2020',
  kind: 'inproceedings',
  authors: [
    'Hoffer, Elad',
    'Ben-Nun, Tal',
    'Hubara, Itay',
    'Giladi, Niv',
    'Hoefler, Torsten',
    'Soudry, Daniel',
  ],
  title: 'Augment Your Batch: Improving Generalization Through Instance Repetition',
  venue: venues.cvpr,
  year: 2020,
};
