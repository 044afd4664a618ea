import { venues } from './work.ts';
import type { Work } from './work.ts';

// Architectures and data sets.

export const he2016: Work = {
  key: 'he2016',
  kind: 'inproceedings',
  authors: ['He, Kaiming', 'Zhang, Xiangyu', 'Ren, Shaoqing', 'Sun, Jian'],
  title: 'Deep Residual Learning for Image Recognition',
  venue: 'IEEE Conference on Computer Vision and Pattern Recognition',
  year: 2016,
  pages: ['770', '778'],
  doi: '10.1109/CVPR.2016.90',
  arxiv: '1512.03385',
};

export const dosovitskiy2021: Work = {
  key: 'dosovitskiy2021',
  kind: 'inproceedings',
  authors: [
    'Dosovitskiy, Alexey',
    'Beyer, Lucas',
    'Kolesnikov, Alexander',
    'Weissenborn, Dirk',
    'Zhai, Xiaohua',
    'Unterthiner, Thomas',
    'Dehghani, Mostafa',
    'Minderer, Matthias',
    'Heigold, Georg',
    'Gelly, Sylvain',
    'Uszkoreit, Jakob',
    'Houlsby, Neil',
  ],
  title: 'An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale',
  venue: venues.iclr,
  year: 2021,
  arxiv: '2010.11929',
};

export const liu2022: Work = {
  key: 'liu2022',
  kind: 'inproceedings',
  authors: [
    'Liu, Ze',
    'Hu, Han',
    'Lin, Yutong',
    'Yao, Zhuliang',
    'Xie, Zhenda',
    'Wei, Yixuan',
    'Ning, Jia',
    'Cao, Yue',
    'Zhang, Zheng',
    'Dong, Li',
    'Wei, Furu',
    'Guo, Baining',
  ],
  title: 'Swin Transformer V2: Scaling Up Capacity and Resolution',
  venue: venues.cvpr,
  year: 2022,
  arxiv: '2111.09883',
};

export const russakovsky2015: Work = {
  key: 'russakovsky2015',
  kind: 'article',
  authors: [
    'Russakovsky, Olga',
    'Deng, Jia',
    'Su, Hao',
    'Krause, Jonathan',
    'Satheesh, Sanjeev',
    'Ma, Sean',
    'Huang, Zhiheng',
    'Karpathy, Andrej',
    'Khosla, Aditya',
    'Bernstein, Michael',
    'Berg, Alexander C.',
    'Fei-Fei, Li',
  ],
  title: 'ImageNet Large Scale Visual Recognition Challenge',
  venue: venues.ijcv,
  year: 2015,
  volume: '115',
  number: '3',
  pages: ['211', '252'],
  doi: '10.1007/s11263-015-0816-y',
  arxiv: '1409.0575',
};

export const everingham2010: Work = {
  key: 'everingham2010',
  kind: 'article',
  authors: [
    'Everingham, Mark',
    'Van Gool, Luc',
    'Williams, Christopher K. I.',
    'Winn, John',
    'Zisserman, Andrew',
  ],
  title: 'The Pascal Visual Object Classes (VOC) Challenge',
  venue: venues.ijcv,
  year: 2010,
  volume: '88',
  number: '2',
  pages: ['303', '338'],
  doi: '10.1007/s11263-009-0275-4',
};

export const everingham2015: Work = {
  key: 'everingham2015',
  kind: 'article',
  authors: [
    'Everingham, Mark',
    'Eslami, S. M. Ali',
    'Van Gool, Luc',
    'Williams, Christopher K. I.',
    'Winn, John',
    'Zisserman, Andrew',
  ],
  title: 'The Pascal Visual Object Classes Challenge: A Retrospective',
  venue: venues.ijcv,
  year: 2015,
  volume: '111',
  number: '1',
  pages: ['98', '136'],
  doi: '10.1007/s11263-014-0733-5',
};
