import Localization

/// What the service itself says to the newsroom, in all languages it knows.
enum DaemonTexts {
    static let all = TextCollection([
        "en": PackageResources.texts_en_txt, "de": PackageResources.texts_de_txt,
        "fr": PackageResources.texts_fr_txt, "es": PackageResources.texts_es_txt,
        "it": PackageResources.texts_it_txt,
    ])

    static let english = all.texts(in: "en")
}
