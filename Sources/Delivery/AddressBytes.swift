import XML

/// A reader's address as it was stored, in UTF-8.
extension UnsafeRawBufferPointer {
    /// Gives it as it stands between the quotes of an attribute.
    func withEscaped<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        guard contains(where: Self.needsEscaping) else { return body(self) }
        var writer = Writer()
        writer.writeAttribute("a", String(decoding: self, as: UTF8.self))
        let start = " a='".utf8.count
        return Array(writer.bytes.dropFirst(start).dropLast()).withUnsafeBytes(body)
    }

    /// Whether somebody at that domain has it, with or without a resource.
    func isOf(domain: [UInt8]) -> Bool {
        let bare = prefix { $0 != UInt8(ascii: "/") }
        guard bare.count > domain.count + 1 else { return false }
        let at = bare.endIndex - domain.count - 1
        return bare[at] == UInt8(ascii: "@") && bare[(at + 1)...].elementsEqual(domain)
    }

    /// Whether the stanzas of whoever has it may be those of others at the domain too.
    func mayShareIDs(at domain: [UInt8]) -> Bool {
        allSatisfy { (0x21...0x7e).contains($0) } && isOf(domain: domain)
    }

    /// Few addresses have characters that need it.
    private static func needsEscaping(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "'"): true
        // Control characters, and the lead byte of U+FFFE and U+FFFF.
        case 0..<0x20, 0xEF: true
        default: false
        }
    }
}
