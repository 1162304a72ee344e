import { type Actions, type ClearmlDouble, page } from './double.ts';

/** The service `models`, as far as it is used. */
export function modelActions({ models }: Pick<ClearmlDouble, 'models'>): Actions {
  const modelOf = (id: string) => models.find((model) => model.id === id);
  const missing = { error: [400, 201, 'invalid model id'] } as const;
  return {
    'models.get_all': (asked) => {
      const found = models.filter(({ name, project }) => new RegExp(asked.name).test(name) && (asked.project?.includes(project) ?? true));
      return { data: { models: page(found, asked) } };
    },
    'models.update_tags': ({ ids, add_tags, remove_tags }) => {
      for (const model of models.filter(({ id }) => ids.includes(id)))
        model.tags = [...new Set([...model.tags.filter((tag) => !remove_tags.includes(tag)), ...add_tags])];
      return { data: { updated: ids.length } };
    },
    'models.edit': ({ model: id, tags }) => {
      const model = modelOf(id);
      if (!model) return missing;
      model.tags = [...tags];
      return { data: { updated: 1, fields: { tags } } };
    },
    'models.add_or_update_metadata': ({ model: id, metadata }) => {
      const model = modelOf(id);
      if (!model) return missing;
      for (const one of metadata) model.metadata[one.key] = one;
      return { data: { updated: 1 } };
    },
  };
}
