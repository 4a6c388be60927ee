import Foundation

/// Whether PRECIS lets a character stand in a string, and in which class of strings
/// (RFC 8264 §8).
enum DerivedProperty {
    /// In both classes.
    case valid
    /// In the FreeformClass only.
    case freeform
    /// Where its rule allows it: a joiner (RFC 5892, appendix A.1 and A.2).
    case contextJ
    /// Where its rule allows it: others (RFC 5892, appendix A.3 to A.9).
    case contextO
    case disallowed
    case unassigned

    /// The steps of RFC 8264 §8, in their order; the first that applies decides.
    init(of scalar: Unicode.Scalar) {
        if let exception = Self.exception(scalar) {
            self = exception
        } else if Self.isUnassigned(scalar) {
            self = .unassigned
        } else if (0x21...0x7E).contains(scalar.value) {
            self = .valid
        } else if scalar.properties.isJoinControl {
            self = .contextJ
        } else if Self.isOldHangulJamo(scalar) || Self.isIgnorable(scalar) {
            self = .disallowed
        } else if scalar.properties.generalCategory == .control {
            self = .disallowed
        } else if Self.hasCompatibilityEquivalent(scalar) {
            self = .freeform
        } else {
            self.init(category: scalar.properties.generalCategory)
        }
    }

    /// The steps that look at the general category alone: LetterDigits, OtherLetterDigits, Spaces,
    /// Symbols, Punctuation.
    private init(category: Unicode.GeneralCategory) {
        self =
            switch category {
            case .lowercaseLetter, .uppercaseLetter, .otherLetter, .decimalNumber,
                .modifierLetter, .nonspacingMark, .spacingMark:
                .valid
            case .titlecaseLetter, .letterNumber, .otherNumber, .enclosingMark,
                .spaceSeparator,
                .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
                .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
                .initialPunctuation, .finalPunctuation, .otherPunctuation:
                .freeform
            default:
                .disallowed
            }
    }

    /// Whether the IdentifierClass may contain it, its context permitting.
    var isIdentifier: Bool {
        switch self {
        case .valid, .contextJ, .contextO: true
        case .freeform, .disallowed, .unassigned: false
        }
    }

    /// Whether the FreeformClass may contain it, its context permitting.
    var isFreeform: Bool {
        switch self {
        case .valid, .freeform, .contextJ, .contextO: true
        case .disallowed, .unassigned: false
        }
    }
}

// MARK: - Categories (RFC 8264 §9)

extension DerivedProperty {
    /// §9.6, from RFC 5892 §2.6.
    private static func exception(_ scalar: Unicode.Scalar) -> DerivedProperty? {
        switch scalar.value {
        case 0x00DF, 0x03C2, 0x06FD, 0x06FE, 0x0F0B, 0x3007: .valid
        case 0x00B7, 0x0375, 0x05F3, 0x05F4, 0x30FB: .contextO
        case 0x0660...0x0669, 0x06F0...0x06F9: .contextO
        case 0x0640, 0x07FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: .disallowed
        default: nil
        }
    }

    /// §9.10.
    private static func isUnassigned(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .unassigned
            && !scalar.properties.isNoncharacterCodePoint
    }

    /// §9.9: conjoining jamo, which are written as syllables today.
    private static func isOldHangulJamo(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7C6, 0xD7CB...0xD7FB: true
        default: false
        }
    }

    /// §9.13.
    private static func isIgnorable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.isNoncharacterCodePoint
    }

    /// §9.17: whether NFKC changes it.
    private static func hasCompatibilityEquivalent(_ scalar: Unicode.Scalar) -> Bool {
        // NFKC_Casefold does all that NFKC does, and asking for it costs no string.
        guard scalar.properties.changesWhenNFKCCaseFolded else { return false }
        let text = String(scalar)
        return !text.unicodeScalars.elementsEqual(
            text.precomposedStringWithCompatibilityMapping.unicodeScalars
        )
    }
}
