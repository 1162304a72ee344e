import { describe, expect, it } from '@jest/globals';
import { expressionOf, seriesOf } from '../../gateway/rule-series.ts';

const link = (expression: string) => `http://prometheus:9090/graph?g0.expr=${encodeURIComponent(expression)}&g0.tab=1`;

describe('seriesOf()', () => {
  it.each([
    ['drift_score{feature="age"} > 0.3', 'drift_score{feature="age"}', '> 0.3'],
    ['avg(model_accuracy) by (model)\n  <= 9.1e-1', 'avg(model_accuracy) by (model)', '<= 9.1e-1'],
    ['time() - last_update > 3600', 'time() - last_update', '> 3600'],
  ])('takes %s apart', (expression, query, threshold) => {
    expect(seriesOf(link(expression))).toEqual({ query, threshold });
  });

  it.each([
    undefined,
    '',
    'not a link',
    'http://prometheus:9090/alerts',
    link('absent(up)'),
    link('a > b'),
    link('a > 1 and b > 2'),
    link('a > bool 1'),
    link(`${'a'.repeat(2_001)} > 1`),
  ])('says nothing of a link or rule that cannot be taken apart: %s', (url) => {
    expect(seriesOf(url)).toBeUndefined();
  });
});

describe('expressionOf()', () => {
  it('is the whole expression, also of a rule that cannot be taken apart', () => {
    expect(expressionOf(link('a > 1 and b > 2'))).toBe('a > 1 and b > 2');
  });

  it.each([undefined, '', 'not a link', 'http://prometheus:9090/alerts', link('a'.repeat(10_001))])('is nothing for %s', (url) => {
    expect(expressionOf(url)).toBeUndefined();
  });
});
