import type { SoundName } from '@/ipc/bindings'

/** Notes of a sound: pitch in Hz, start and length in seconds. Synthesised, so that no file has to be shipped. */
const NOTES: Record<Exclude<SoundName, 'none'>, [pitch: number, start: number, length: number][]> = {
  soft: [[659, 0, 0.5]],
  clear: [
    [784, 0, 0.35],
    [1047, 0.16, 0.5],
  ],
  urgent: [
    [880, 0, 0.16],
    [1175, 0.18, 0.16],
    [880, 0.36, 0.16],
    [1175, 0.54, 0.4],
  ],
}

let context: AudioContext | undefined

/** Plays an alert's sound at `volume` (0 to 100). A machine without audio stays silent. */
export function playSound(sound: SoundName, volume: number) {
  if (sound === 'none' || volume <= 0 || typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  void context.resume()
  // Loudness is heard on a curve: half the slider sounds half as loud.
  const peak = (Math.min(100, volume) / 100) ** 2 * 0.5
  for (const [pitch, start, length] of NOTES[sound]) {
    const at = context.currentTime + start
    const tone = context.createOscillator()
    const gain = context.createGain()
    tone.type = sound === 'soft' ? 'sine' : 'triangle'
    tone.frequency.value = pitch
    gain.gain.setValueAtTime(0, at)
    gain.gain.linearRampToValueAtTime(peak, at + 0.015)
    gain.gain.exponentialRampToValueAtTime(0.0001, at + length)
    tone.connect(gain).connect(context.destination)
    tone.start(at)
    tone.stop(at + length)
  }
}
