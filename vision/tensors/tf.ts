/** tfjs itself: the one copy that every backend and every room shares. */
export * as tf from '@tensorflow/tfjs';
