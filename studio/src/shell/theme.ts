import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core';

/** The one accent: a blue that has 4.5:1 against white as text and under white text. */
const accent: MantineColorsTuple = [
  '#e8f2fd',
  '#d3e4f9',
  '#a6c8f2',
  '#75aaec',
  '#4d90e6',
  '#3480e3',
  '#1c6fd0',
  '#0d66c6',
  '#0459b0',
  '#004d9b',
];

/** Looks of all components: one accent, system font, spacing on a grid of 8 px. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  // Blue that is as bright as that of the dark looks has dark text on it.
  luminanceThreshold: 0.2,
  // Mantine chooses the colour of text on the accent by the light looks alone.
  variantColorResolver(input) {
    const colours = defaultVariantColorsResolver(input);
    const isAccent = input.variant === 'filled' && (input.color ?? 'accent') === 'accent';
    return isAccent ? { ...colours, color: 'var(--mantine-primary-color-contrast)' } : colours;
  },
  colors: { accent },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  defaultRadius: 'md',
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  respectReducedMotion: true,
  cursorType: 'pointer',
});
