import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { prometheusMetrics } from '../../clients/prometheus/prometheus.ts';

const NUMBER = { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, '1'] }] } };

let server: Server;
let origin: string;
let answer: { code: number; body: string };
const asked: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(answer.code, { location: '/elsewhere' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const check = (code: number, body: string, path = '') => {
  answer = { code, body };
  return prometheusMetrics(`${origin}${path}`).check(AbortSignal.timeout(10_000));
};

const value = (body: object) => {
  answer = { code: 200, body: JSON.stringify(body) };
  return prometheusMetrics(origin).value('sum(rate(a{b="c"}[5m]))', AbortSignal.timeout(10_000));
};
const vector = (result: object[]) => ({ status: 'success', data: { resultType: 'vector', result } });

describe('Prometheus', () => {
  it('gives the number of a query, which stands in the address as text, and none where no series has one', async () => {
    expect(await value(vector([{ metric: {}, value: [1, '0.95'] }]))).toBe(0.95);
    expect(new URL(`${origin}${asked.at(-1)}`).searchParams.get('query')).toBe('sum(rate(a{b="c"}[5m]))');
    expect(await value(vector([]))).toBeNull();
    expect(await value(vector([{ metric: {}, value: [1, 'NaN'] }]))).toBeNull();
    await expect(value({ status: 'success', data: { resultType: 'scalar', result: [1, '1'] } })).rejects.toThrow(/is not Prometheus/);
  });

  it('gives what each series of a query says, with its labels', async () => {
    answer = { code: 200, body: JSON.stringify(vector([{ metric: { gpu: '0' }, value: [1.5, '79'] }])) };
    const samples = await prometheusMetrics(origin).vector('a', AbortSignal.timeout(10_000));
    expect(samples).toEqual([{ labels: { gpu: '0' }, atSeconds: 1.5, value: 79 }]);
  });

  it('is asked a query that needs no series, also below a path', async () => {
    await check(200, JSON.stringify(NUMBER), '/prometheus/');
    expect(asked.at(-1)).toBe('/prometheus/api/v1/query?query=vector(1)');
  });

  it.each([
    [503, 'starting', /^Prometheus at http:\/\/127\.0\.0\.1:\d+ answers 503 to a query\.$/],
    [302, '', /^Cannot reach Prometheus at http:\/\/127\.0\.0\.1:\d+: /],
    [200, '<html>', /is not Prometheus: check PARAMEDIC_PROMETHEUS_URL\.$/],
    [200, JSON.stringify({ ...NUMBER, status: 'error' }), /is not Prometheus/],
    [200, JSON.stringify({ ...NUMBER, data: { resultType: 'vector', result: [] } }), /is not Prometheus/],
  ])('is blind where it answers %d with %j', async (code, body, sentence) => {
    await expect(check(code, body)).rejects.toThrow(sentence);
  });
});

describe('a range of Prometheus', () => {
  const range = (code: number, body: object) => {
    answer = { code, body: JSON.stringify(body) };
    return prometheusMetrics(origin).range('up{a="b"}', { backSeconds: 3_600, stepSeconds: 300 }, AbortSignal.timeout(10_000));
  };
  const matrix = (values: unknown) => ({ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } });

  it('is its points, oldest first, of a time that ends now', async () => {
    expect(
      await range(
        200,
        matrix([
          [1_000, '5'],
          [1_300, '6.5'],
          [1_600, 'NaN'],
        ]),
      ),
    ).toEqual([
      { atSeconds: 1_000, value: 5 },
      { atSeconds: 1_300, value: 6.5 },
    ]);
    const searched = new URL(asked.at(-1) ?? '', origin).searchParams;
    expect(searched.get('query')).toBe('up{a="b"}');
    expect(Number(searched.get('end')) - Number(searched.get('start'))).toBe(3_600);
    expect(searched.get('step')).toBe('300');
  });

  it('is none where there is no such series', async () => {
    expect(await range(200, { status: 'success', data: { resultType: 'matrix', result: [] } })).toEqual([]);
  });

  it('is never of more points than can be read', async () => {
    await prometheusMetrics(origin).range('up', { backSeconds: 10_000, stepSeconds: 1 }, AbortSignal.timeout(10_000));
    expect(new URL(asked.at(-1) ?? '', origin).searchParams.get('step')).toBe('20');
    const many = Array.from({ length: 502 }, (_, at) => [at, '1']);
    await expect(range(200, matrix(many))).rejects.toThrow(/is not Prometheus/);
  });

  it('is refused where what answers is not Prometheus', async () => {
    await expect(range(503, {})).rejects.toThrow(/answers 503 to a query/);
    await expect(range(200, NUMBER)).rejects.toThrow(/is not Prometheus/);
  });
});
