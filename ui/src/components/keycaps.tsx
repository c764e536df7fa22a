import { Kbd } from '@mantine/core'

/** `g i` as two key caps. */
export function Keycaps({ keys }: { keys: string }) {
  return keys.split(' ').map((key, at) => (
    <span key={key}>
      {at > 0 && ' '}
      <Kbd>{key}</Kbd>
    </span>
  ))
}
