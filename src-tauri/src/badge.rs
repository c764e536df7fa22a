//! The number in the tray icon: Linux trays have neither tooltip nor badge, so it is drawn into the picture.

use tauri::image::Image;

/// Digits of three by five dots, a row per byte, and the plus sign.
const GLYPHS: [[u8; 5]; 11] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b010, 0b010, 0b010],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
    [0b000, 0b010, 0b111, 0b010, 0b000],
];
const PLUS: usize = 10;
/// Side of a dot in pixels of a 32-pixel icon.
const DOT: usize = 3;
const RED: [u8; 4] = [0xd6, 0x33, 0x36, 0xff];
const WHITE: [u8; 4] = [0xff, 0xff, 0xff, 0xff];

/// The icon with a number in its lower right corner; 9+ for more, the icon itself for none.
pub fn draw(icon: &Image<'_>, number: u32) -> Image<'static> {
    let (width, height) = (icon.width() as usize, icon.height() as usize);
    let mut pixels = icon.rgba().to_vec();
    if number > 0 {
        let glyphs: &[usize] = match number {
            1..=9 => &[number as usize],
            _ => &[9, PLUS],
        };
        paint(&mut pixels, width, height, glyphs);
    }
    Image::new_owned(pixels, icon.width(), icon.height())
}

fn paint(pixels: &mut [u8], width: usize, height: usize, glyphs: &[usize]) {
    let (wide, high) = (glyphs.len() * 4 * DOT + DOT, 7 * DOT);
    let (left, top) = (width.saturating_sub(wide), height.saturating_sub(high));
    let mut dot = |x: usize, y: usize, colour: [u8; 4]| {
        let at = (y * width + x) * 4;
        if x < width
            && let Some(pixel) = pixels.get_mut(at..at + 4)
        {
            pixel.copy_from_slice(&colour);
        }
    };
    for y in top..height {
        for x in left..width {
            dot(x, y, RED);
        }
    }
    for (place, glyph) in glyphs.iter().enumerate() {
        for (row, bits) in GLYPHS[*glyph].iter().enumerate() {
            for column in (0..3).filter(|column| bits >> (2 - column) & 1 == 1) {
                let (x, y) = (left + DOT * (1 + place * 4 + column), top + DOT * (1 + row));
                for (dx, dy) in (0..DOT).flat_map(|dx| (0..DOT).map(move |dy| (dx, dy))) {
                    dot(x + dx, y + dy, WHITE);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reds(image: &Image<'_>) -> usize {
        image.rgba().chunks_exact(4).filter(|pixel| *pixel == RED).count()
    }

    #[test]
    fn the_number_is_drawn_into_the_icon_and_nothing_for_none() {
        let icon = Image::new_owned(vec![0; 32 * 32 * 4], 32, 32);
        assert_eq!(draw(&icon, 0).rgba(), icon.rgba());
        let (one, eight, many) = (draw(&icon, 1), draw(&icon, 8), draw(&icon, 123));
        assert!(reds(&one) > reds(&eight), "an eight has more white");
        assert!(reds(&many) > reds(&one), "two glyphs are wider");
        assert_eq!(draw(&icon, 10).rgba(), many.rgba(), "more than nine is 9+");
        assert_ne!(draw(&icon, 2).rgba(), draw(&icon, 3).rgba());
    }

    #[test]
    fn a_tiny_icon_is_painted_within_its_edges() {
        let icon = Image::new_owned(vec![0; 8 * 8 * 4], 8, 8);
        assert_eq!(draw(&icon, 42).rgba().len(), 8 * 8 * 4);
    }
}
