import XML
import XMPP

/// A form is the same when it is written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDataForm(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    guard let element = try? Element(xml: text) else { return 0 }
    let form = DataForm(element)
    demand(DataForm(form.element) == form, "\(form)")
    do {
        let again = DataForm(try Element(xml: form.element.xml()))
        demand(again == form, "\(form)\n\(again)")
    } catch {
        fatalError("\(error) \(form.element.xml())")
    }
    return 0
}
