import { describe, expect, it } from 'vitest';
import { commandOf, isForCanvas, KEY_BINDINGS, type KeyState } from '../../studio/src/canvas/keys.ts';
import de from '../../studio/src/text/de.json' with { type: 'json' };
import en from '../../studio/src/text/en.json' with { type: 'json' };

const plain: KeyState = { crosshair: false, candidates: 0 };
const press = (keys: string) => {
  const parts = keys === '+' ? ['+'] : keys.split('+');
  return {
    key: parts.at(-1) ?? '',
    ctrlKey: parts.includes('Ctrl'),
    metaKey: parts.includes('Cmd'),
    altKey: parts.includes('Alt'),
    shiftKey: parts.includes('Shift'),
  };
};

describe('keys', () => {
  it.each<[keys: string, command: string | undefined, state?: Partial<KeyState>]>([
    ['1', 'oneToOne'],
    ['1', 'oneToOne', { candidates: 1 }],
    ['1', 'candidate', { candidates: 3 }],
    ['2', undefined],
    ['Tab', undefined, { candidates: 1 }],
    ['Tab', 'nextCandidate', { candidates: 2 }],
    ['Shift+Tab', undefined, { candidates: 2 }],
    ['Enter', 'finish'],
    ['Enter', 'place', { crosshair: true }],
    ['Shift+Enter', 'placeBackground', { crosshair: true }],
    ['Shift+Enter', undefined],
    ['F', 'finish', { crosshair: true }],
    ['b', undefined],
    ['b', 'beginBox', { crosshair: true }],
    ['ArrowLeft', 'movePhoto'],
    ['Shift+ArrowLeft', 'moveCrosshair', { crosshair: true }],
    ['Ctrl+z', 'undo'],
    ['Cmd+z', 'undo'],
    ['Ctrl+Shift+Z', 'redo'],
    ['Ctrl+y', 'redo'],
    ['z', undefined],
    ['Ctrl+f', undefined],
    ['Ctrl+0', undefined],
    ['Alt+h', undefined],
    ['h', 'follow'],
    ['Shift+?', 'showKeys'],
    ['+', 'zoomIn'],
    ['Backspace', 'delete'],
    ['Ctrl+s', undefined],
  ])('%s is %s (%o)', (keys, command, state = {}) =>
    expect(commandOf(press(keys), { ...plain, ...state })).toBe(command),
  );

  it('are not for the canvas where they are used for something else', () => {
    expect(isForCanvas({ key: 'f' }, 'text')).toBe(false);
    expect(isForCanvas({ key: 'f' }, 'control')).toBe(true);
    for (const key of ['Enter', 'Tab', 'ArrowLeft']) {
      expect(isForCanvas({ key }, 'control')).toBe(false);
      expect(isForCanvas({ key }, 'canvas')).toBe(true);
    }
    expect(isForCanvas({ key: 'Tab' }, 'nothing')).toBe(false);
    expect(isForCanvas({ key: 'Enter' }, 'nothing')).toBe(true);
  });

  it('have a text in every language', () => {
    for (const { command, group } of KEY_BINDINGS) {
      for (const { canvas } of [en, de]) {
        expect(canvas.keys[command], command).toMatch(/\w/);
        expect(canvas.keys.groups[group], group).toMatch(/\w/);
      }
    }
  });
});
