import Storage
import XML
import XMPP

/// Which nodes are to be listed, by the type of what is in them (XEP-0462).
struct TypeFilter {
    let rule: NodeTypeRule

    /// Reads the `<filter/>` in a query, if there is one.
    init(_ query: Element) throws(PubSubError) {
        guard let filter = query.child("filter", in: .pubsubFilter),
            let form = filter.child("x", in: .dataForms).map(DataForm.init)
        else {
            rule = .all
            return
        }
        // No value at all is the empty one, for which `<value/>` stands.
        let included = form["included-types"].map { Set($0.values.isEmpty ? [""] : $0.values) }
        let excluded = form["excluded-types"].map { Set($0.values.isEmpty ? [""] : $0.values) }
        switch (included, excluded) {
        case (_?, _?): throw .contradictoryFilter
        case (let included?, nil): rule = .only(included)
        case (nil, let excluded?): rule = .except(excluded)
        case (nil, nil): rule = .all
        }
    }
}
