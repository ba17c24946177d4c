//! The regular expressions of organisations: a browser brings its own.

#[cfg(not(target_family = "wasm"))]
pub(crate) use dreiklang_engine::fits_pattern as fits;

/// Whether the whole text fits a pattern; one that cannot be read forbids nothing.
#[cfg(target_family = "wasm")]
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    use js_sys::{Array, Function, Reflect, RegExp};
    use wasm_bindgen::JsCast;

    let made = Reflect::get(&js_sys::global(), &"RegExp".into())
        .and_then(|class| class.dyn_into::<Function>())
        .and_then(|class| {
            let arguments = Array::of2(&format!("^(?:{pattern})$").into(), &"u".into());
            Reflect::construct(&class, &arguments)
        });
    made.map_or(true, |regex| regex.unchecked_into::<RegExp>().test(text))
}
