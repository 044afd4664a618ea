import { FetchStop } from './fetch-failure.ts';

export interface Answer {
  /** 200: all of it; 206: the rest; 416: nothing at or behind the wanted byte. */
  readonly status: 200 | 206 | 416;
  /** First byte of the body, where the server says so. */
  readonly start: number | undefined;
  /** Bytes that are to come; undefined where the server does not say. */
  readonly length: number | undefined;
  /** Size of the whole file, where the server says so. */
  readonly total: number | undefined;
  /** A strong ETag, or a date: what `If-Range` takes. */
  readonly validator: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
  close(): void;
}

const mostRedirects = 10;

/** Asks for a file, or for what follows the bytes that are there. Redirects are followed, but never from https to http. Throws `FetchStop`. */
export async function request(asked: {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly silentMs: number;
  readonly resume?: { readonly bytes: number; readonly validator: string };
}): Promise<Answer> {
  const patience = patienceOf(asked);
  const headers: { [name: string]: string } = { 'accept-encoding': 'identity' };
  if (asked.resume !== undefined) {
    headers['range'] = `bytes=${asked.resume.bytes}-`;
    headers['if-range'] = asked.resume.validator;
  }
  try {
    const response = await follow(asked.url, { headers, signal: patience.signal });
    return answerOf(response, asked, patience);
  } catch (error) {
    patience.end();
    throw stopOf(error, asked);
  }
}

async function follow(url: string, options: RequestInit): Promise<Response> {
  let at = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const response = await fetch(at, { ...options, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    const next = new URL(location, at);
    if (next.protocol !== 'https:' && next.protocol !== new URL(at).protocol)
      throw refusal(`${at} redirects to ${next.protocol}//${next.host}, which is less safe`);
    at = next.href;
  }
  throw refusal(`${url} redirects more than ${mostRedirects} times`);
}

interface Asked {
  readonly url: string;
  readonly signal: AbortSignal;
}

function answerOf(response: Response, asked: Asked, patience: Patience): Answer {
  const { status, headers, body } = response;
  const isBusy = status === 408 || status === 429 || status >= 500;
  if ((status !== 200 && status !== 206 && status !== 416) || body === null)
    throw new FetchStop(
      { kind: 'network', message: `${asked.url} answers ${status}` },
      { isPassing: isBusy },
    );
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  const length = headers.get('content-length');
  const etag = headers.get('etag');
  return {
    status,
    start: wholeNumber(range?.[1]),
    total: wholeNumber(range?.[2]),
    length: wholeNumber(length ?? undefined),
    validator: etag?.startsWith('"') ? etag : (headers.get('last-modified') ?? undefined),
    body: watched(body, asked, patience),
    close: () => {
      patience.end();
      void body.cancel().catch(() => undefined);
    },
  };
}

async function* watched(
  body: ReadableStream<Uint8Array>,
  asked: Asked,
  patience: Patience,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      // A body that was aborted at its very end neither ends nor fails: so the end of patience is waited for as well.
      const { done, value } = await Promise.race([reader.read(), patience.over]);
      if (done) return;
      patience.renew();
      yield value;
    }
  } catch (error) {
    throw stopOf(error, asked);
  } finally {
    patience.end();
    reader.releaseLock();
  }
}

/** `fetch` throws a TypeError whatever happened to the connection; its cause says what. */
function stopOf(error: unknown, { url, signal }: Asked): unknown {
  if (signal.aborted) return new FetchStop({ kind: 'interrupted' });
  if (error instanceof FetchStop) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FetchStop({ kind: 'network', message: `${url}: ${reason}` }, { isPassing: true });
}

function refusal(message: string): FetchStop {
  return new FetchStop({ kind: 'network', message });
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

/** Ends when the caller stops, or when the server has been silent for too long. */
interface Patience {
  readonly signal: AbortSignal;
  /** Rejects at the end of it. */
  readonly over: Promise<never>;
  renew(): void;
  end(): void;
}

function patienceOf({
  signal,
  silentMs,
}: {
  readonly signal: AbortSignal;
  readonly silentMs: number;
}): Patience {
  const controller = new AbortController();
  const over = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), {
      once: true,
    });
  });
  over.catch(() => undefined);
  const giveUp = (): void => controller.abort(new Error(`nothing came for ${silentMs / 1000} s`));
  const stop = (): void => controller.abort(new Error('stopped'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  let timer = setTimeout(giveUp, silentMs);
  return {
    signal: controller.signal,
    over,
    renew: () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, silentMs);
    },
    end: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    },
  };
}
