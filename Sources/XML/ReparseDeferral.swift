internal import CExpat
internal import Glibc

/// Expat's habit, since 2.6.0 and in Debian's patched 2.5.0, of waiting for more bytes before it
/// parses a token that was incomplete at the last call.
///
/// A stanza would then be delivered only when the next one arrives. The switch is looked up at run
/// time, since older libraries lack it.
enum ReparseDeferral {
    private typealias Switch = @convention(c) (XML_Parser, UInt8) -> UInt8

    private static let setEnabled: Switch? = {
        guard let symbol = dlsym(nil, "XML_SetReparseDeferralEnabled") else { return nil }
        return unsafeBitCast(symbol, to: Switch.self)
    }()

    static func disable(for parser: XML_Parser) {
        _ = setEnabled?(parser, 0)
    }
}
