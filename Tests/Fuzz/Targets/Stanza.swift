import XML
import XMPP

/// A stanza that can be read is the same when it is written and read again; for one that can't,
/// the answer can be written.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStanza(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let stream = "<s xmlns='\(Namespace.componentAccept.rawValue)'>"
    guard let events = try? Parser().parse((stream + text).utf8) else { return 0 }
    for case .element(let element) in events {
        do throws(StanzaReadingError) {
            check(try Stanza(element))
        } catch {
            if let reply = error.reply { _ = read(reply) }
        }
    }
    return 0
}

private func check(_ stanza: Stanza) {
    let element = stanza.element()
    do throws(StanzaReadingError) {
        let copy = try Stanza(element)
        demand(copy == stanza, "\(stanza)\n\(copy)")
        let again = try Stanza(read(element))
        demand(again == stanza, "\(stanza)\n\(again)")
    } catch {
        fatalError("\(error) \(element.xml())")
    }
}

private func read(_ element: Element) -> Element {
    do {
        return try Element(xml: element.xml())
    } catch {
        fatalError("\(error) \(element.xml())")
    }
}
