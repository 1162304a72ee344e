import { describe, expect, it } from '@jest/globals';
import { hasWord, readAlertName } from '../../../runbooks/matching/alert-name.ts';

describe('hasWord()', () => {
  it.each(['KubePodOOMKilled', 'kube_pod_oom_killed', 'Kube pod OOM-killed', 'kube.pod.OomKilled', 'PodOOMKilled2'])(
    'finds the same words in %s',
    (name) => {
      const read = readAlertName(name);
      expect(['pod', 'oom', 'kill', 'oomkilled'].map((word) => hasWord(read, word))).toEqual([true, true, true, true]);
    },
  );

  it.each([
    ['PrometheusTooManyRestarts', 'oom'],
    ['NomadAgentDown', 'dag'],
    ['StorageFull', 'rag'],
    ['', 'pod'],
    [`${'x'.repeat(600)}Pod`, 'pod'],
  ])('finds in %s no %s, which begins no word there', (name, word) => {
    expect(hasWord(readAlertName(name), word)).toBe(false);
  });

  it('takes every capital and every number for the beginning of a word, since nobody agrees on acronyms', () => {
    expect(hasWord(readAlertName('HighVLLME2ELatency'), 'vllm')).toBe(true);
    expect(hasWord(readAlertName('HighVLLME2ELatency'), 'latency')).toBe(true);
    expect(hasWord(readAlertName('Endpoint5xx'), '5xx')).toBe(true);
    expect(hasWord(readAlertName('VLLMDOWN'), 'down')).toBe(true);
  });

  it('can be asked for what surely begins a word', () => {
    expect(['ETLSyncFailed', 'TLSExpired', 'KubeTlsExpired'].map((name) => hasWord(readAlertName(name), 'tls', 'surely'))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('goes by what parts the words where all is in capitals', () => {
    expect(['STORAGE_FULL', 'STORAGE_RAG'].map((name) => hasWord(readAlertName(name), 'rag'))).toEqual([false, true]);
  });
});
