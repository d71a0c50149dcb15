//! One value of a field, and what it was in its source.

/// JSON type a value had in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// A string.
    Text,
    /// A number without fraction or exponent.
    Integer,
    /// Any other number.
    Float,
    /// `true` or `false`.
    Boolean,
    /// `null`: the field is there and holds nothing.
    Null,
    /// `[]`
    EmptyList,
    /// `{}`
    EmptyObject,
}

impl Scalar {
    pub(super) const ALL: [Self; 7] = [
        Self::Text,
        Self::Integer,
        Self::Float,
        Self::Boolean,
        Self::Null,
        Self::EmptyList,
        Self::EmptyObject,
    ];

    /// Whether there is a value to look at. A field that holds nothing is there all the same.
    #[inline]
    #[must_use]
    pub fn has_value(self) -> bool {
        !matches!(self, Self::Null | Self::EmptyList | Self::EmptyObject)
    }
}

/// One value as its source spells it. Absent values are not pushed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'a> {
    /// The text; empty for what is none.
    pub text: &'a str,
    /// Its JSON type.
    pub scalar: Scalar,
}

impl<'a> Value<'a> {
    /// A string value.
    #[must_use]
    pub fn text(text: &'a str) -> Self {
        Self { text, scalar: Scalar::Text }
    }

    /// What a field holds that is there without a value: `null`, `[]` or `{}`.
    #[must_use]
    pub fn nothing(scalar: Scalar) -> Self {
        Self { text: "", scalar }
    }

    /// Whether there is a value to look at.
    #[inline]
    #[must_use]
    pub fn has_value(self) -> bool {
        self.scalar.has_value()
    }
}
