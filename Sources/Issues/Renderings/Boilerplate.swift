/// The sections that stand in every issue and that nobody looks for in its contents.
enum Boilerplate {
    /// How their titles begin, in lower case, in the languages newsletters come in.
    private static let beginnings = [
        // English
        "license", "licence", "spread the ", "help us", "help the newsletter",
        "newsletter contributors", "newsletter translations", "contributors", "credits",
        "subscribe", "unsubscribe", "thanks", "thank you", "about this newsletter", "imprint",
        // German
        "lizenz", "hilf ", "helft ", "helfen sie", "newsletter-beiträge", "mitwirk", "danke",
        "danksagung", "weitersagen", "verbreite", "teile die", "teilt die", "abonnieren",
        "newsletter abonnieren", "den newsletter", "abbestellen", "impressum", "übersetzungen",
        // French
        "répandez", "partage", "diffusez", "faites passer", "aidez", "contributions",
        "contributeurs", "merci", "abonnez", "abonnement", "désabonne", "se désabonner",
        // Spanish
        "licencia", "difund", "comparte", "ayúda", "ayúde", "ayuda", "contribui", "contribuy",
        "colabora", "colabore", "traducciones", "gracias", "suscr", "cancelar su",
        "darse de baja",
        // Italian
        "licenza", "diffond", "spargi", "spargete", "condivid", "aiuta", "contribut",
        "collabora", "sezione collaboratori", "grazie", "iscriviti", "iscrivetevi",
        "iscrizione alla newsletter", "annullare l", "cancella", "disiscri",
        // Portuguese
        "licença", "espalhe", "divulgue", "compartilhe", "ajud", "contribuidores", "obrigad",
        "inscreva", "cancelar a", "cancelamento",
    ]

    static func isTitle(_ title: String) -> Bool {
        let folded = title.lowercased().replacing("’", with: "'").drop { !$0.isLetter }
        return beginnings.contains { folded.hasPrefix($0) }
    }
}
