import Mustache

/// What a variable of a template stands for.
indirect enum TemplateValue: Hashable, Sendable {
    case text(String)
    case flag(Bool)
    case list([TemplateGroup])
    case group(TemplateGroup)

    /// As swift-mustache takes it.
    fileprivate var rendered: Any {
        switch self {
        case .text(let text): text
        case .flag(let flag): flag
        case .list(let groups): groups
        case .group(let group): group
        }
    }
}

/// Variables by their names; one without a value is not there, so that a section asks for it.
struct TemplateGroup: Hashable, Sendable, MustacheParent {
    private(set) var fields: [String: TemplateValue]

    init(texts: [String: String]) {
        fields = texts.mapValues { .text($0) }
    }

    func child(named name: String) -> Any? {
        fields[name]?.rendered
    }

    /// This group with the variables of another, which win.
    func merging(_ other: TemplateGroup) -> TemplateGroup {
        var result = self
        result.fields.merge(other.fields) { _, new in new }
        return result
    }
}

extension TemplateGroup: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, TemplateValue?)...) {
        fields = [:]
        for (name, value) in elements { fields[name] = value }
    }
}
