import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

const brand: MantineColorsTuple = [
  '#e2f2ef',
  '#c9e6e1',
  '#9fd3cb',
  '#71beb4',
  '#45aa9f',
  '#228f85',
  '#0d6d65',
  '#0a5a53',
  '#084942',
  '#063a35',
]
const dark: MantineColorsTuple = [
  '#eceff3',
  '#bac2cd',
  '#98a2b0',
  '#6b7686',
  '#333c48',
  '#2d3540',
  '#1c2128',
  '#171b21',
  '#12161b',
  '#0f1216',
]
const urgent: MantineColorsTuple = [
  '#fdebe9',
  '#f9d3cf',
  '#f2aaa3',
  '#ec7e74',
  '#e0574b',
  '#d03a2d',
  '#bf2317',
  '#a31c12',
  '#86160e',
  '#6b110a',
]

/** Quiet grounds of the library's colours: what each of them means here. */
const QUIET: Record<string, [ground: string, ink: string]> = {
  brand: ['brand2', 'brand-ink'],
  blue: ['info2', 'info'],
  orange: ['risk2', 'risk'],
  red: ['urgent2', 'urgent'],
  urgent: ['urgent2', 'urgent'],
  gray: ['idle2', 'ink2'],
}

/** Controls take ground and ink from the tokens, so that both hold 4.5 : 1 in both schemes. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  const quiet = QUIET[input.color ?? '']
  if (input.variant === 'light' && quiet) {
    const [ground, ink] = quiet
    return { ...colors, background: `var(--${ground})`, hover: `var(--${ground})`, color: `var(--${ink})` }
  }
  if (input.variant !== 'filled') return colors
  const color = input.color || input.theme.primaryColor
  if (color === 'brand') return { ...colors, color: 'var(--brand-on)' }
  if (color === 'urgent') {
    return { ...colors, background: 'var(--urgent)', hover: 'var(--urgent-hover)', color: 'var(--urgent-on)' }
  }
  return colors
}

/** Mantine wears the tokens: its variables point at ours, so both schemes are decided in one place (tokens.css). */
export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 6, dark: 4 },
  variantColorResolver,
  colors: { brand, urgent, dark },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Code", "Noto Sans Mono", monospace',
  headings: { fontFamily: 'var(--font)', fontWeight: '650' },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '10px', xl: '16px' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: {
      defaultProps: { size: 'sm' },
      styles: { label: { fontWeight: 500 } },
      // Beside ordinary buttons the compact ones differ in height only.
      vars: (_theme: unknown, props: { size?: unknown }) => ({
        root: props.size === 'compact-md' ? { '--button-fz': 'var(--mantine-font-size-sm)' } : {},
      }),
    },
    Modal: {
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 }, transitionProps: { duration: 120 } },
      styles: { title: { fontWeight: 600 } },
    },
    Drawer: {
      defaultProps: { overlayProps: { backgroundOpacity: 0.3 }, transitionProps: { duration: 140 } },
      styles: { title: { fontWeight: 600 } },
    },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    // Floating parts live in one named region (App), so that a screen reader finds them by landmark.
    Portal: { defaultProps: { target: '#floats' } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 90 }, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 90 } } },
  },
})

const shared = {
  '--mantine-color-body': 'var(--panel)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink3)',
  '--mantine-color-placeholder': 'var(--ink3)',
  '--mantine-color-default': 'var(--panel)',
  '--mantine-color-default-hover': 'var(--panel2)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-error': 'var(--urgent)',
  '--mantine-color-anchor': 'var(--brand-ink)',
  '--mantine-primary-color-filled': 'var(--brand)',
  '--mantine-primary-color-filled-hover': 'var(--brand-hover)',
  '--mantine-primary-color-contrast': 'var(--brand-on)',
  '--mantine-primary-color-light': 'var(--brand2)',
  '--mantine-primary-color-light-hover': 'var(--brand2)',
  '--mantine-primary-color-light-color': 'var(--brand-ink)',
  '--mantine-color-brand-filled': 'var(--brand)',
  '--mantine-color-brand-filled-hover': 'var(--brand-hover)',
  '--mantine-color-brand-light': 'var(--brand2)',
  '--mantine-color-brand-light-hover': 'var(--brand2)',
  '--mantine-color-brand-light-color': 'var(--brand-ink)',
  '--mantine-color-brand-outline': 'var(--brand)',
  '--mantine-color-urgent-light': 'var(--urgent2)',
  '--mantine-color-urgent-light-color': 'var(--urgent)',
  '--mantine-color-disabled': 'var(--idle2)',
  '--mantine-color-disabled-color': 'var(--ink3)',
}

export const resolver: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
