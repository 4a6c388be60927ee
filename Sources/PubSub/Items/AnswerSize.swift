import Storage
import XMPP

/// How large an answer gets: a server ends the stream of a component that sends it too much at once.
extension ListSlice {
    /// As many of the slice's entries as fit, one at least, and the slice of those.
    func fitting<Entry>(
        _ entries: [Entry],
        within limit: Int,
        size: (Entry) -> Int
    ) -> (slice: ListSlice, entries: [Entry]) {
        var (left, count) = (limit, 0)
        for entry in isBackwards ? AnySequence(entries.reversed()) : AnySequence(entries) {
            left -= size(entry)
            guard left >= 0 || count == 0 else { break }
            count += 1
        }
        let given = isBackwards ? entries.suffix(count) : entries.prefix(count)
        return (shortened(to: count), Array(given))
    }
}

extension ItemRecord {
    /// About how many bytes it takes in an answer.
    var sizeInAnswer: Int {
        payload.count + name.rawValue.sizeInAttribute + publisher.sizeInAttribute + 40
    }
}

extension String {
    /// At most so many bytes are written for it as the value of an attribute.
    var sizeInAttribute: Int {
        utf8.reduce(0) { size, byte in
            switch byte {
            case ..<0x20, UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "<"),
                UInt8(ascii: ">"):
                size + 6
            default: size + 1
            }
        }
    }
}
