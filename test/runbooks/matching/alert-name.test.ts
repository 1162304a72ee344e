import { describe, expect, it } from '@jest/globals';
import { beginnings, hasWord, readAlertName } from '../../../runbooks/matching/alert-name.ts';

const has = (name: string, word: string, sure?: 'surely') => hasWord(readAlertName(name), beginnings([word], sure));

describe('hasWord()', () => {
  it.each(['KubePodOOMKilled', 'kube_pod_oom_killed', 'Kube pod OOM-killed', 'kube.pod.OomKilled', 'PodOOMKilled2'])(
    'finds the same words in %s',
    (name) => {
      expect(['pod', 'oom', 'kill', 'oomkilled'].map((word) => has(name, word))).toEqual([true, true, true, true]);
    },
  );

  it.each([
    ['PrometheusTooManyRestarts', 'oom'],
    ['NomadAgentDown', 'dag'],
    ['StorageFull', 'rag'],
    // Two letters are in too many acronyms.
    ['HTMLErrors', 'ml'],
    ['SAMLIntegrationFailed', 'ml'],
    ['', 'pod'],
    [`${'x'.repeat(600)}Pod`, 'pod'],
  ])('finds in %s no %s, which begins no word there', (name, word) => {
    expect(has(name, word)).toBe(false);
  });

  it('takes every capital and every number for the beginning of a word, since nobody agrees on acronyms', () => {
    expect(has('HighVLLME2ELatency', 'vllm')).toBe(true);
    expect(has('HighVLLME2ELatency', 'latency')).toBe(true);
    expect(has('Endpoint5xx', '5xx')).toBe(true);
    expect(has('VLLMDOWN', 'down')).toBe(true);
    expect(has('HighMLErrorRate', 'ml')).toBe(true);
  });

  it('can be asked for what surely begins a word', () => {
    expect(['ETLSyncFailed', 'TLSExpired', 'KubeTlsExpired'].map((name) => has(name, 'tls', 'surely'))).toEqual([false, true, true]);
  });

  it('goes by what parts the words where all is in capitals', () => {
    expect(['STORAGE_FULL', 'STORAGE_RAG'].map((name) => has(name, 'rag'))).toEqual([false, true]);
  });
});
