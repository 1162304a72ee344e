import { InvalidArgumentError } from 'commander';
import { PART_NAMES, type PartName } from '../../sandbox/parts/part.ts';
import { PORT_NAMES, type PortName, type Ports } from '../../sandbox/ports.ts';

const PORT_MAX = 65_535;

/** Reads one more `NAME=NUMBER` of a repeatable option. */
export function addPort(text: string, before: Partial<Ports> = {}): Partial<Ports> {
  const [, name, digits] = /^([a-z-]+)=(\d+)$/.exec(text) ?? [];
  if (!name || !digits) throw new InvalidArgumentError('It is written as NAME=NUMBER, such as temporal=7233.');
  if (!PORT_NAMES.includes(name as PortName))
    throw new InvalidArgumentError(`There is no port called ${name}; there are ${PORT_NAMES.join(', ')}.`);
  const port = Number(digits);
  if (port < 1 || port > PORT_MAX) throw new InvalidArgumentError(`A port is a number from 1 to ${PORT_MAX}.`);
  return { ...before, [name]: port };
}

/** Reads one more part of a repeatable option. */
export function addPart(text: string, before: readonly PartName[] = []): readonly PartName[] {
  return [...before, partName(text)];
}

export function partName(text: string): PartName {
  if (PART_NAMES.includes(text as PartName)) return text as PartName;
  throw new InvalidArgumentError(`There is no part called ${text}; there are ${PART_NAMES.join(', ')}.`);
}
