internal import CExpat
internal import Glibc

/// Splits the names expat gives into namespace and local name.
///
/// Neighbouring elements mostly share a namespace, so the last one is kept: comparing its bytes is
/// cheaper than making its string again.
struct NameReader {
    private var namespace = Namespace.none
    private var namespaceBytes: [UInt8] = []

    mutating func element(
        _ name: UnsafePointer<XML_Char>,
        _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) -> Element {
        let (namespace, local) = split(name)
        return Element(parsed: local, in: namespace, read(attributes))
    }

    private mutating func split(
        _ name: UnsafePointer<XML_Char>
    ) -> (namespace: Namespace, local: String) {
        guard let separator = strchr(name, Int32(TreeReader.separator)) else {
            return (.none, String(cString: name))
        }
        let length = UnsafePointer(separator) - name
        if length != namespaceBytes.count || memcmp(namespaceBytes, name, length) != 0 {
            namespaceBytes = Array(UnsafeRawBufferPointer(start: name, count: length))
            namespace = Namespace(rawValue: String(decoding: namespaceBytes, as: UTF8.self))
        }
        return (namespace, String(cString: UnsafePointer(separator) + 1))
    }

    private func read(_ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?) -> Attributes {
        guard let attributes, attributes[0] != nil else { return [:] }
        var count = 0
        while attributes[count] != nil {
            count += 2
        }
        var list: [Attributes.Attribute] = []
        list.reserveCapacity(count / 2)
        for index in stride(from: 0, to: count, by: 2) {
            guard let name = attributes[index], let value = attributes[index + 1] else { break }
            list.append(
                Attributes.Attribute(name: attributeName(name), value: String(cString: value))
            )
        }
        return Attributes(unique: list)
    }

    private func attributeName(_ name: UnsafePointer<XML_Char>) -> AttributeName {
        guard let separator = strchr(name, Int32(TreeReader.separator)) else {
            return AttributeName(String(cString: name))
        }
        let local = String(cString: UnsafePointer(separator) + 1)
        let length = UnsafePointer(separator) - name
        let namespace = Namespace(
            rawValue: String(
                decoding: UnsafeRawBufferPointer(start: name, count: length),
                as: UTF8.self
            )
        )
        if namespace == .xml && local == "lang" { return .xmlLang }
        return AttributeName(local, in: namespace)
    }
}
