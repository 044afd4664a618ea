import type { Work } from './work.ts';

// What it was computed with.

export const abadi2016: Work = {
  key: 'abadi2016',
  kind: 'inproceedings',
  authors: [
    'Abadi, Martín',
    'Barham, Paul',
    'Chen, Jianmin',
    'Chen, Zhifeng',
    'Davis, Andy',
    'Dean, Jeffrey',
    'Devin, Matthieu',
    'Ghemawat, Sanjay',
    'Irving, Geoffrey',
    'Isard, Michael',
    'Kudlur, Manjunath',
    'Levenberg, Josh',
    'Monga, Rajat',
    'Moore, Sherry',
    'Murray, Derek G.',
    'Steiner, Benoit',
    'Tucker, Paul',
    'Vasudevan, Vijay',
    'Warden, Pete',
    'Wicke, Martin',
    'Yu, Yuan',
    'Zheng, Xiaoqiang',
  ],
  title: 'TensorFlow: A System for Large-Scale Machine Learning',
  venue: 'USENIX Symposium on Operating Systems Design and Implementation',
  year: 2016,
  pages: ['265', '283'],
  arxiv: '1605.08695',
};

export const smilkov2019: Work = {
  key: 'smilkov2019',
  kind: 'inproceedings',
  authors: [
    'Smilkov, Daniel',
    'Thorat, Nikhil',
    'Assogba, Yannick',
    'Yuan, Ann',
    'Kreeger, Nick',
    'Yu, Ping',
    'Zhang, Kangyi',
    'Cai, Shanqing',
    'Nielsen, Eric',
    'Soergel, David',
    'Bileschi, Stan',
    'Terry, Michael',
    'Nicholson, Charles',
    'Gupta, Sandeep N.',
    'Sirajuddin, Sarah',
    'Sculley, D.',
    'Monga, Rajat',
    'Corrado, Greg',
    'Viégas, Fernanda B.',
    'Wattenberg, Martin',
  ],
  title: 'TensorFlow.js: Machine Learning for the Web and Beyond',
  venue: 'Conference on Machine Learning and Systems',
  year: 2019,
  arxiv: '1901.05350',
};

/** This program, in the version that wrote the record. */
export function sweetspotSoftware(version: string): Work {
  return {
    key: 'sweetspot',
    kind: 'software',
    authors: ['The sweetspot authors'],
    title: 'sweetspot',
    version,
  };
}
