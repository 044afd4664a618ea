import { spawn } from 'node:child_process';

/**
 * Runs a program with our terminal and returns its exit code, 128 + n after a signal. Signals that end us are the child's to
 * answer: the terminal sends Ctrl-C to both, others are passed on. `onStart` is told its number.
 */
export function runProgram(program, args, { onStart, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    if (child.pid !== undefined) onStart?.(child.pid);
    const ignore = () => undefined;
    const passOn = (signal) => child.kill(signal);
    process.on('SIGINT', ignore).on('SIGTERM', passOn).on('SIGHUP', passOn);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', passOn).off('SIGHUP', passOn);
      resolve(code ?? 128 + (signalNumbers[signal] ?? 0));
    });
  });
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
