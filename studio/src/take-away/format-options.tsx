import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import type { OptionValues, OutputFormat, OutputOption } from '#outputs/output-format';
import { describeOption } from './format-texts.ts';

/** Fields for the options of a format, whatever these are. */
export function FormatOptions({
  format,
  values,
  change,
}: {
  format: OutputFormat;
  values: OptionValues;
  change(values: OptionValues): void;
}) {
  return Object.entries(format.options).map(([name, option]) => (
    <OptionField
      key={name}
      name={name}
      option={option}
      value={values[name] ?? option.default}
      change={(value) => change({ ...values, [name]: value })}
    />
  ));
}

function OptionField({
  name,
  option,
  value,
  change,
}: {
  name: string;
  option: OutputOption;
  value: string | number;
  change(value: string | number): void;
}) {
  const texts = describeOption(name, option.description);
  const field = { ...texts, 'data-testid': `option-${name}` };
  if ('enum' in option) {
    const data = [...option.enum];
    return <NativeSelect {...field} data={data} value={value} onChange={({ target }) => change(target.value)} />;
  }
  if ('minimum' in option) {
    const { minimum, maximum } = option;
    const take = (entered: string | number) => change(entered === '' ? option.default : Number(entered));
    return (
      <NumberInput
        {...field}
        min={minimum}
        max={maximum}
        allowDecimal={false}
        clampBehavior="strict"
        value={value}
        onChange={take}
      />
    );
  }
  return (
    <TextInput
      {...field}
      maxLength={option.maxLength}
      placeholder={option.default}
      value={value === option.default ? '' : value}
      onChange={({ target }) => change(target.value === '' ? option.default : target.value)}
    />
  );
}
