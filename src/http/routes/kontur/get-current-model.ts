import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { KonturError } from '#contract/errors';
import type { CurrentModel } from '#contract/vision/current-model';
import { MODEL_SIDE } from '#geometry/spaces';
import { readRulesVersion } from '../../../engine/read-rules-version.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { decoderPath } from '../studio/get-decoder.ts';

const schema = {
  operationId: 'getCurrentModel',
  tags: ['Kontur'],
  summary: 'The model, the decoder and the rules that are in force',
  description:
    'What decides whether prompts that are decoded elsewhere, as in a browser, give the answers of this server.',
  params: projectParams(),
  response: {
    200: answer('The model, its decoder, and the rules around it.', Type.Ref('CurrentModel')),
    ...refusals(401, 403),
  },
};

/** Adds `GET …/kontur/models/current`. */
export function addGetCurrentModel(
  app: FastifyInstance,
  { engine, settings }: Pick<AppDependencies, 'engine' | 'settings'>,
): void {
  app.get(
    `${PROJECT_PATH}/kontur/models/current`,
    { schema, onRequest: requireSomeFiles('READ') },
    async (_request, reply): Promise<CurrentModel> => {
      if (engine === undefined) throw new KonturError('unavailable', NO_ENGINE);
      const [model, decoder, version] = await Promise.all([
        engine.describeModel(),
        engine.exportDecoder(),
        readRulesVersion(),
      ]);
      const { flavour, takesLogits, preprocessing, variant, ...state } = model;
      reply.header('cache-control', 'private, no-cache');
      return {
        ...state,
        decoder: {
          flavour,
          takesLogits,
          ...(decoder && { url: decoderPath(decoder), sha256: decoder.sha256, bytes: decoder.bytes }),
        },
        preprocessing: { side: MODEL_SIDE, ...preprocessing },
        embeddings: variant,
        rules: { version, detailWindows: settings.detailWindows },
      };
    },
  );
}

const NO_ENGINE = 'This server leaves the work on images to others and runs no model; ask one that runs jobs.';
