import { type Static, Type } from 'typebox';

/** Answer to `GET …/kontur/models/current`: what decides whether prompts decoded elsewhere give the same answers. */
export const CurrentModelSchema = Type.Object(
  {
    model: Type.String({ description: 'Name of the model.' }),
    precision: Type.String({ description: 'What its encoder computes in, such as int8.' }),
    provider: Type.String({ description: 'What computes it, such as cpu.' }),
    decoder: Type.Object(
      {
        flavour: Type.String({
          description: 'Family that the graph is of: the names of its inputs and outputs, and what its masks mean.',
        }),
        takesLogits: Type.Boolean({ description: 'Whether it takes the logits of the previous run.' }),
        url: Type.Optional(
          Type.String({
            description:
              'Path of the graph, an ONNX file, on this server. It needs no token and never changes: the name is the hash of the content.',
          }),
        ),
        sha256: Type.Optional(Type.String({ description: 'SHA-256 of the graph, hexadecimal.' })),
        bytes: Type.Optional(Type.Integer({ minimum: 1, description: 'Size of the graph.' })),
      },
      {
        description:
          'What answers prompts from an embedding. Models whose graphs Kontur does not build itself have no url, sha256 and bytes.',
      },
    ),
    preprocessing: Type.Object(
      {
        side: Type.Integer({ minimum: 1, description: 'Side of the square that the model sees, in model pixels.' }),
        version: Type.Integer({ minimum: 1, description: 'Rises whenever an image would be prepared differently.' }),
        fit: Type.Enum(['pad', 'stretch'], { description: 'How an image is placed in the square.' }),
      },
      { description: 'How an image becomes what the encoder sees.' },
    ),
    embeddings: Type.String({
      description: 'Names everything that an embedding depends on besides the image: it changes when embeddings do.',
    }),
    rules: Type.Object(
      {
        version: Type.String({ description: 'Changes whenever the rules around the decoder do.' }),
        detailWindows: Type.Boolean({
          description: 'Whether small objects in large photos get a second look in a window.',
        }),
      },
      { description: 'What is done before and after the decoder runs.' },
    ),
  },
  { $id: 'CurrentModel' },
);
/** Answer to `GET …/kontur/models/current`: the model that the server runs, and how it is computed. */
export type CurrentModel = Static<typeof CurrentModelSchema>;
