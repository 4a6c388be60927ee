/// Keeps from the YAML parser what would only exhaust its stack: it calls itself for each level.
enum YAMLNesting {
    /// No front matter comes near it, and every thread's stack bears it.
    private static let deepest = 100

    /// The largest front matter, in bytes; indentation can't nest deeper than its square root.
    private static let largest = 65_536

    static func isTooDeep(_ yaml: String) -> Bool {
        guard yaml.utf8.count <= largest else { return true }
        var brackets = 0
        var indicators = 0
        var previous = UInt8(ascii: "\n")
        for byte in yaml.utf8 {
            switch (previous, byte) {
            case (_, UInt8(ascii: "\n")): indicators = 0
            case (_, UInt8(ascii: "[")), (_, UInt8(ascii: "{")): brackets += 1
            case (UInt8(ascii: "-"), UInt8(ascii: " ")), (UInt8(ascii: "?"), UInt8(ascii: " ")),
                (UInt8(ascii: ":"), UInt8(ascii: " ")):
                indicators += 1
            default: break
            }
            guard brackets <= deepest, indicators <= deepest else { return true }
            previous = byte
        }
        return false
    }
}
