import { venues } from './work.ts';
import type { Work } from './work.ts';

// What maps, boxes and decisions are scored by.

export const arras2022: Work = {
  key: 'arras2022',
  kind: 'article',
  authors: ['Arras, Leila', 'Osman, Ahmed', 'Samek, Wojciech'],
  title: 'CLEVR-XAI: A benchmark dataset for the ground truth evaluation of neural network explanations',
  venue: 'Information Fusion',
  year: 2022,
  volume: '81',
  pages: ['14', '40'],
  doi: '10.1016/j.inffus.2021.11.008',
  arxiv: '2003.07258',
};

export const zhang2018pointing: Work = {
  key: 'zhang2018pointing',
  kind: 'article',
  authors: [
    'Zhang, Jianming',
    'Bargal, Sarah Adel',
    'Lin, Zhe',
    'Brandt, Jonathan',
    'Shen, Xiaohui',
    'Sclaroff, Stan',
  ],
  title: 'Top-Down Neural Attention by Excitation Backprop',
  venue: venues.ijcv,
  year: 2018,
  volume: '126',
  number: '10',
  pages: ['1084', '1102'],
  doi: '10.1007/s11263-017-1059-x',
};

export const wang2020: Work = {
  key: 'wang2020',
  kind: 'inproceedings',
  authors: [
    'Wang, Haofan',
    'Wang, Zifan',
    'Du, Mengnan',
    'Yang, Fan',
    'Zhang, Zijian',
    'Ding, Sirui',
    'Mardziel, Piotr',
    'Hu, Xia',
  ],
  title: 'Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks',
  venue: 'IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops',
  year: 2020,
  arxiv: '1910.01279',
};

export const simeoni2021: Work = {
  key: 'simeoni2021',
  kind: 'inproceedings',
  authors: [
    'Siméoni, Oriane',
    'Puy, Gilles',
    'Vo, Huy V.',
    'Roburin, Simon',
    'Gidaris, Spyros',
    'Bursuc, Andrei',
    'Pérez, Patrick',
    'Marlet, Renaud',
    'Ponce, Jean',
  ],
  title: 'Localizing Objects with Self-Supervised Transformers and no Labels',
  venue: 'British Machine Vision Conference',
  year: 2021,
  arxiv: '2109.14279',
};

export const deselaers2012: Work = {
  key: 'deselaers2012',
  kind: 'article',
  authors: ['Deselaers, Thomas', 'Alexe, Bogdan', 'Ferrari, Vittorio'],
  title: 'Weakly Supervised Localization and Learning with Generic Knowledge',
  venue: venues.ijcv,
  year: 2012,
  volume: '100',
  number: '3',
  pages: ['275', '293'],
  doi: '10.1007/s11263-012-0538-3',
};

export const geirhos2018: Work = {
  key: 'geirhos2018',
  kind: 'inproceedings',
  authors: [
    'Geirhos, Robert',
    'Medina Temme, Carlos R.',
    'Rauber, Jonas',
    'Schütt, Heiko H.',
    'Bethge, Matthias',
    'Wichmann, Felix A.',
  ],
  title: 'Generalisation in humans and deep neural networks',
  venue: venues.nips,
  year: 2018,
  arxiv: '1808.08750',
};

export const geirhos2019: Work = {
  key: 'geirhos2019',
  kind: 'inproceedings',
  authors: [
    'Geirhos, Robert',
    'Rubisch, Patricia',
    'Michaelis, Claudio',
    'Bethge, Matthias',
    'Wichmann, Felix A.',
    'Brendel, Wieland',
  ],
  title:
    'ImageNet-trained CNNs are biased towards texture; increasing shape bias improves accuracy and robustness',
  venue: venues.iclr,
  year: 2019,
  arxiv: '1811.12231',
};

export const geirhos2020: Work = {
  key: 'geirhos2020',
  kind: 'inproceedings',
  authors: ['Geirhos, Robert', 'Meding, Kristof', 'Wichmann, Felix A.'],
  title:
    'Beyond accuracy: quantifying trial-by-trial behaviour of CNNs and humans by measuring error consistency',
  venue: venues.nips,
  year: 2020,
  arxiv: '2006.16736',
};

export const geirhos2021: Work = {
  key: 'geirhos2021',
  kind: 'inproceedings',
  authors: [
    'Geirhos, Robert',
    'Narayanappa, Kantharaju',
    'Mitzkus, Benjamin',
    'Thieringer, Tizian',
    'Bethge, Matthias',
    'Wichmann, Felix A.',
    'Brendel, Wieland',
  ],
  title: 'Partial success in closing the gap between human and machine vision',
  venue: venues.nips,
  year: 2021,
  arxiv: '2106.07411',
};
