import CIDN2
import Foundation

/// What stands between the dots of a domain name, judged by IDNA2008 (RFC 5890 §2.3).
enum Label {
    static let maximumLength = 63

    enum Mapping {
        /// None: what is not allowed is an error.
        case none
        /// UTS #46, non-transitional.
        case asBrowsersDo
    }

    /// The label as a lower-case NR-LDH label or as a U-label.
    static func prepare(_ label: String) throws(DomainNameError) -> String {
        let lower = lowercased(label).precomposedStringWithCanonicalMapping
        try checkASCII(of: lower)
        let isASCII = lower.utf8.allSatisfy { $0 < 0x80 }
        guard !isASCII || lower.hasPrefix("xn--") else { return lower }
        // Both ways, since only the way to ASCII applies the rules of RFC 5891 §5.4 to U-labels.
        return try toUnicode(lookup(lower, mapping: .none))
    }

    /// Lower-case, except that of Cherokee the capitals are the usual letters.
    ///
    /// Its small ones came late, so case folding leads to the capitals (Unicode §5.18), and these
    /// are what IDNA2008 allows.
    private static func lowercased(_ label: String) -> String {
        guard label.unicodeScalars.contains(where: isCherokee) else { return label.lowercased() }
        return label.unicodeScalars.map { scalar in
            isCherokee(scalar)
                ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
        }.joined()
    }

    private static func isCherokee(_ scalar: Unicode.Scalar) -> Bool {
        (0x13A0...0x13FD).contains(scalar.value) || (0xAB70...0xABBF).contains(scalar.value)
    }

    /// Letters, digits and inner hyphens only, among the ASCII characters (RFC 5890 §2.3.1).
    private static func checkASCII(of label: String) throws(DomainNameError) {
        guard !label.isEmpty else { throw DomainNameError(text: label, reason: "a label is empty") }
        guard !label.hasPrefix("-"), !label.hasSuffix("-") else {
            throw DomainNameError(text: label, reason: "a label starts or ends with a hyphen")
        }
        let stray = label.unicodeScalars.first { scalar in
            switch scalar {
            case "a"..."z", "0"..."9", "-": false
            default: scalar.isASCII
            }
        }
        if let stray {
            let name = DomainName.name(of: stray)
            throw DomainNameError(text: label, reason: "it may not contain \(name)")
        }
        guard label.utf8.count <= maximumLength || label.utf8.contains(where: { $0 >= 0x80 }) else {
            let reason = "a label is longer than \(maximumLength) characters"
            throw DomainNameError(text: label, reason: reason)
        }
    }

    /// The A-labels of a name, in lower case.
    static func lookup(_ name: String, mapping: Mapping) throws(DomainNameError) -> String {
        let flags =
            switch mapping {
            case .none: IDN2_NFC_INPUT.rawValue | IDN2_NO_TR46.rawValue
            case .asBrowsersDo: IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue
            }
        var result: UnsafeMutablePointer<UInt8>?
        let status = name.withCString { start in
            start.withMemoryRebound(to: UInt8.self, capacity: name.utf8.count + 1) {
                idn2_lookup_u8($0, &result, Int32(bitPattern: flags))
            }
        }
        defer { idn2_free(result) }
        guard status == IDN2_OK.rawValue, let result else { throw error(status, in: name) }
        return String(cString: result)
    }

    private static func toUnicode(_ label: String) throws(DomainNameError) -> String {
        var result: UnsafeMutablePointer<CChar>?
        let status = idn2_to_unicode_8z8z(label, &result, 0)
        defer { idn2_free(result) }
        guard status == IDN2_OK.rawValue, let result else { throw error(status, in: label) }
        return String(cString: result)
    }

    private static func error(_ status: Int32, in name: String) -> DomainNameError {
        let reason = idn2_strerror(status).map { String(cString: $0) }
        return DomainNameError(text: name, reason: reason ?? "libidn2 gave no reason")
    }
}
