import BenchC
import XML

/// One stanza over and over on a component's stream, and what is measured with it.
struct Stream {
    let name: String
    let stanza: Element
    /// The header of the stream and all stanzas; it stays open.
    let bytes: [UInt8]
    let stanzaCount: Int
    let stanzaSize: Int

    /// Large enough that starting a parser does not matter.
    private static let totalSize = 8_000_000

    /// What one read from a socket brings at most.
    private static let chunkSize = 65_536

    private static let start =
        "<stream:stream xmlns='jabber:component:accept' "
        + "xmlns:stream='http://etherx.jabber.org/streams' id='bench'>"

    init(_ name: String, of stanza: Element) {
        var writer = Writer()
        writer.write(stanza, inheriting: "jabber:component:accept")
        self.name = name
        self.stanza = stanza
        stanzaSize = writer.bytes.count
        stanzaCount = Self.totalSize / stanzaSize
        bytes =
            Array(Self.start.utf8)
            + repeatElement(writer.bytes, count: stanzaCount).joined()
    }

    private func forEachChunk(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        try bytes.withUnsafeBytes { all in
            for start in stride(from: 0, to: all.count, by: Self.chunkSize) {
                let end = min(start + Self.chunkSize, all.count)
                try body(UnsafeRawBufferPointer(rebasing: all[start..<end]))
            }
        }
    }

    // MARK: - Reading

    /// Expat in C, alone or building a bare tree; the number of stanzas it saw.
    func readInC(_ mode: bench_mode) -> Int {
        let reader = bench_reader_new(mode)
        defer { bench_reader_free(reader) }
        forEachChunk { chunk in
            _ = bench_reader_feed(
                reader,
                chunk.bindMemory(to: CChar.self).baseAddress,
                chunk.count
            )
        }
        return bench_reader_stanzas(reader)
    }

    /// Our parser; the number of elements it handed out.
    func readInSwift() throws -> Int {
        let parser = Parser()
        var events: [Parser.Event] = []
        var count = 0
        try forEachChunk { chunk in
            try parser.parse(chunk, into: &events)
            for case .element in events {
                count += 1
            }
            events.removeAll(keepingCapacity: true)
        }
        return count
    }

    // MARK: - Writing

    /// The stanza as a tree in C.
    func makeTreeInC() -> OpaquePointer? {
        let document = Self.start + stanza.xml(inheriting: "jabber:component:accept")
        return bench_tree_new(document, document.utf8.count)
    }

    /// Each stanza into memory of its own; the bytes written.
    func writeInC(_ tree: OpaquePointer?) -> Int {
        (0..<stanzaCount).reduce(0) { size, _ in size + bench_tree_write(tree) }
    }

    func writeInSwift() -> Int {
        (0..<stanzaCount).reduce(0) { size, _ in
            var writer = Writer()
            writer.write(stanza)
            return size + writer.bytes.count
        }
    }
}
