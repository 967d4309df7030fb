import { describe, expect, it } from 'vitest';
import { CODE_LANGUAGES, type CodeRequest, writeCode } from '../../studio/src/take-away/write-code.ts';

const REQUEST: CodeRequest = {
  baseUrl: 'http://127.0.0.1:8321',
  project: 'demo',
  fileId: 42,
  prompt: {
    points: [
      { x: 0.5, y: 0.25, label: 1 },
      { x: 0.1, y: 0.2, label: 0 },
    ],
    boundingBox: { xMin: 0, yMin: 0.1, xMax: 0.9, yMax: 1 },
  },
  segment: 1,
};

describe.each(CODE_LANGUAGES.map(({ id }) => id))('code in %s', (id) => {
  const code = writeCode(id, REQUEST);

  it('has address, file, prompt and chosen segment, and takes the token from the environment', () => {
    expect(code).toContain('http://127.0.0.1:8321');
    expect(code).toContain('/api/v1/projects/demo/context/vision/segment');
    expect(code).toMatch(/"fileId": 42\b/);
    expect(code).toMatch(/\{ ?"x": 0.5, "y": 0.25, "label": 1 ?\}/);
    expect(code).toMatch(/\{ ?"x": 0.1, "y": 0.2, "label": 0 ?\}/);
    expect(code).toMatch(/\{ ?"xMin": 0, "yMin": 0.1, "xMax": 0.9, "yMax": 1 ?\}/);
    expect(code).toMatch(/segments"?\]?\[1\]/);
    expect(code).toContain('KONTUR_TOKEN');
    expect(code).toContain('kontur token');
  });

  it('leaves out what the prompt does not have', () => {
    const box = writeCode(id, { ...REQUEST, prompt: { ...REQUEST.prompt, points: [] } });
    expect(box).not.toContain('points');
    const points = writeCode(id, { ...REQUEST, prompt: { points: REQUEST.prompt.points } });
    expect(points).not.toContain('boundingBox');
  });

  it('is lines of a handy length that end with a line feed', () => {
    expect(code.endsWith('\n')).toBe(true);
    for (const line of code.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });

  it('keeps a hostile name of a project within its quotes', () => {
    const hostile = writeCode(id, { ...REQUEST, project: `it's "$(id)" \\ \`x\`` });
    expect(hostile).not.toContain(`'it's`);
    expect(hostile).not.toContain('"$(id)" ');
  });
});
