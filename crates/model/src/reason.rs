//! Reasons: why bytes could not be read, a rule was refused, a wish was not met.
//!
//! A crate lists all its reasons in one enum, made by [`reasons!`](crate::reasons): each has a code
//! that stays, arguments, and one English clause. Programs go by code and arguments; the words of
//! other languages are found under the code.

use std::borrow::Cow;
use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A reason as it is shown, stored and counted, whichever crate it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reason {
    /// Code that stays the same over versions, such as `file-empty`.
    pub code: &'static str,
    /// Values by the names under which texts ask for them.
    pub arguments: Vec<(&'static str, Argument)>,
    /// One English clause, the arguments in it.
    pub text: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// As the keys `code`, `arguments` (an object, absent when empty) and `reason` (the English clause);
/// to be flattened into what it is the reason of.
impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.code)?;
        if !self.arguments.is_empty() {
            map.serialize_entry("arguments", &Arguments(&self.arguments))?;
        }
        map.serialize_entry("reason", &self.text)?;
        map.end()
    }
}

struct Arguments<'a>(&'a [(&'static str, Argument)]);

impl Serialize for Arguments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A value inside a reason.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Argument {
    /// A count or a length.
    Number(u64),
    /// A name, or the words of a library.
    Text(String),
}

impl From<u64> for Argument {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Argument {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Cow<'static, str>> for Argument {
    fn from(text: Cow<'static, str>) -> Self {
        Self::Text(text.into_owned())
    }
}

/// Makes the enum of a crate's reasons.
///
/// Each is a variant, with named fields that are its arguments (`u64`, `u32`, `String` or
/// `Cow<'static, str>`), its code, and its English clause with the arguments in braces. The enum
/// gets `code`, `arguments`, `Display` and a conversion to [`Reason`](crate::reason::Reason); `CODES`
/// lists all codes with their clauses.
///
/// ```
/// model::reasons! {
///     /// Why a loaf was not baked.
///     pub enum Cause {
///         NoFlour = "no-flour": "there is no flour",
///         TooHot { degrees: u64 } = "too-hot": "the oven has {degrees} degrees",
///     }
/// }
/// let cause = Cause::TooHot { degrees: 400 };
/// assert_eq!((cause.code(), cause.to_string().as_str()), ("too-hot", "the oven has 400 degrees"));
/// assert_eq!(Cause::CODES.len(), 2);
/// ```
#[macro_export]
macro_rules! reasons {
    (
        $(#[$about:meta])*
        $visible:vis enum $name:ident {
            $($variant:ident $({ $($argument:ident : $type:ty),+ $(,)? })? = $code:literal : $text:literal),+ $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        $visible enum $name {
            $(
                #[doc = $text]
                $variant $({ $(#[doc = stringify!($argument)] $argument: $type),+ })?,
            )+
        }

        impl $name {
            /// All codes and their English clauses.
            pub const CODES: &'static [(&'static str, &'static str)] = &[$(($code, $text)),+];

            /// The code, which stays the same over versions.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant $({ $($argument: _),+ })? => $code,)+
                }
            }

            /// The arguments by their names.
            #[must_use]
            pub fn arguments(&self) -> Vec<(&'static str, $crate::reason::Argument)> {
                match self {
                    $(Self::$variant $({ $($argument),+ })? => {
                        vec![$($((stringify!($argument), $argument.clone().into())),+)?]
                    })+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $(Self::$variant $({ $($argument),+ })? => {
                        // A clause need not say every argument.
                        $($(let _ = $argument;)+)?
                        write!(formatter, $text)
                    })+
                }
            }
        }

        impl From<$name> for $crate::reason::Reason {
            fn from(cause: $name) -> Self {
                Self { code: cause.code(), arguments: cause.arguments(), text: cause.to_string() }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    reasons! {
        /// Made up.
        enum Cause {
            Empty = "empty": "it is empty",
            Deep { levels: u32, name: String } = "deep": "{name} lies {levels} levels deep",
        }
    }

    #[test]
    fn a_reason_says_code_arguments_and_clause() {
        let deep = Cause::Deep { levels: 3, name: "a.zip".to_owned() };
        let reason = Reason::from(deep);
        assert_eq!((reason.code, reason.text.as_str()), ("deep", "a.zip lies 3 levels deep"));
        assert_eq!(reason.arguments[0], ("levels", Argument::Number(3)));
        assert_eq!(Reason::from(Cause::Empty).arguments, []);
        assert_eq!(Cause::CODES[0], ("empty", "it is empty"));
    }
}
