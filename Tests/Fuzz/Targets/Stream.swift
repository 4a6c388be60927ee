import XML

/// A stream in chunks of any size gives the same events as in one, with and without limits, and
/// what is read can be written and read again.
///
/// The first byte chooses the chunks; the rest is the stream.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStream(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    guard let seed = input.first else { return 0 }
    let document = Array(input.dropFirst())
    let roomy = ParserLimits()
    let whole = Reading(document, roomy) { document.count }
    compare(whole, Reading(document, roomy, chunks(from: seed)))
    rewrite(whole.events)

    let tight = ParserLimits(
        maximumStanzaSize: 100,
        maximumDepth: 4,
        maximumAttributes: 4,
        maximumNameLength: 8
    )
    guard !whole.hasFailed else {
        // What is skipped is not judged, so only this can be said: it ends.
        _ = Reading(document, tight, chunks(from: seed))
        return 0
    }
    let limited = Reading(document, tight) { document.count }
    let pieces = Reading(document, tight, chunks(from: seed))
    demand(limited.events == pieces.events, "\(limited.events)\n\(pieces.events)")
    if whole.events.last == .closed {
        // A last token that is not whole may be judged now or later.
        demand(limited.hasFailed == pieces.hasFailed, "fails in one way only")
    }
    checkSkipped(limited, whole)
    return 0
}

/// What came of a document.
private struct Reading {
    var events: [Parser.Event] = []
    var hasFailed = false

    init(_ document: [UInt8], _ limits: ParserLimits, _ nextSize: () -> Int) {
        let parser = Parser(limits: limits, gatheringFrom: 16)
        var rest = document[...]
        while !rest.isEmpty, !hasFailed {
            let chunk = Array(rest.prefix(max(nextSize(), 1)))
            rest = rest.dropFirst(chunk.count)
            do {
                try chunk.withUnsafeBytes { try parser.parse($0, into: &events) }
            } catch {
                hasFailed = true
            }
        }
    }
}

/// Sizes from 1 to 32 in an order that depends on the seed alone.
private func chunks(from seed: UInt8) -> () -> Int {
    var state = UInt32(seed) | 1
    return {
        state = state &* 1_664_525 &+ 1_013_904_223
        return seed < 64 ? 1 : Int(state >> 27) + 1
    }
}

private func compare(_ whole: Reading, _ pieces: Reading) {
    demand(whole.events == pieces.events, "\(whole.events)\n\(pieces.events)")
    // A token that is not whole is judged later if it is gathered.
    demand(whole.hasFailed || !pieces.hasFailed, "fails in pieces only")
}

/// A stanza is whole, or it is its start tag.
private func checkSkipped(_ limited: Reading, _ roomy: Reading) {
    for (event, original) in zip(limited.events, roomy.events) {
        switch (event, original) {
        case (.skipped(let envelope, _), .element(let element)):
            let isSame = envelope.isNamed(element.name, in: element.namespace)
            demand(isSame && envelope.children.isEmpty, "\(envelope)\n\(element)")
            for attribute in envelope.attributes {
                demand(element[attribute.name] == attribute.value, "\(attribute)\n\(element)")
            }
        default: demand(event == original, "\(event)\n\(original)")
        }
    }
}

private func rewrite(_ events: [Parser.Event]) {
    for case .element(let element) in events {
        let text = element.xml()
        do {
            let again = try Element(xml: text)
            demand(again == element, text)
        } catch {
            fatalError("\(error) \(text)")
        }
    }
}
