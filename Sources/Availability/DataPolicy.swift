public import XMPP

/// What becomes of what people leave with us, for clients to show before they do (XEP-0504).
public enum DataPolicy {
    /// The form of disco#info; `docs/privacy.md` says the same at length.
    public static let dataForm = DataForm(
        .result,
        formType: "urn:xmpp:data-policy:0",
        fields: [
            .init("auth_data", .listSingle, values: ["no_auth"]),
            // Until the reader ends it.
            .init("data_retention", .textSingle, values: ["infinite"]),
            .init("data_deletion", .boolean, values: ["true"]),
            .init("encryption_at_rest", .boolean, values: ["false"]),
            .init("data_export", .boolean, values: ["true"]),
            .init("access_policy", .listMulti, values: ["admins"]),
            .init("full_erasure", .boolean, values: ["true"]),
            .init(
                "extra_info",
                .textMulti,
                values: [
                    "What is stored is whom to send what. Write \"mydata\" to see all of it, and "
                        + "\"forget me\" to have it erased."
                ]
            ),
        ]
    )
}
