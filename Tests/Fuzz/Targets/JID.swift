import XMPP

/// An address that is accepted is the same when it is written and read again (RFC 7622 §3).
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJID(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    guard let jid = try? JID(text) else { return 0 }
    demand(jid.description.utf8.count <= 3071, "too long: \(jid)")
    check(jid)
    check(jid.bare)
    check(jid.domain)
    demand(jid.bare.isBare && jid.bare.domain == jid.domain, "\(jid)")
    return 0
}

private func check(_ jid: JID) {
    do {
        let again = try JID(jid.description)
        demand(again == jid, jid.description)
        // Equal strings may still be different bytes.
        let bytes = Array(jid.description.utf8)
        demand(Array(again.description.utf8) == bytes, jid.description)
    } catch {
        fatalError("\(error) \(jid)")
    }
}
