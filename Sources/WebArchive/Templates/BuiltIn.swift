/// The templates, texts and files that are part of the program, by the names of their files.
///
/// They are in `Resources`, where one can read and edit them, and are compiled in: the program
/// needs no other file.
enum BuiltIn {
    static let files: [String: String] = [
        "layout.mustache": text(PackageResources.layout_mustache),
        "front.mustache": text(PackageResources.front_mustache),
        "issue.mustache": text(PackageResources.issue_mustache),
        "topics.mustache": text(PackageResources.topics_mustache),
        "topic.mustache": text(PackageResources.topic_mustache),
        "search.mustache": text(PackageResources.search_mustache),
        "subscribe.mustache": text(PackageResources.subscribe_mustache),
        "missing.mustache": text(PackageResources.missing_mustache),
        "moved.mustache": text(PackageResources.moved_mustache),
        "style.css": text(PackageResources.style_css),
        "search.js": text(PackageResources.search_js),
        "texts.de.txt": text(PackageResources.texts_de_txt),
        "texts.en.txt": text(PackageResources.texts_en_txt),
        "texts.es.txt": text(PackageResources.texts_es_txt),
        "texts.fr.txt": text(PackageResources.texts_fr_txt),
        "texts.it.txt": text(PackageResources.texts_it_txt),
        "texts.pt.txt": text(PackageResources.texts_pt_txt),
    ]

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
