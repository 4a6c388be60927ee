import Testing

@testable import Issues

@Suite struct ShortcodeTests {
    private let image = "<p><img src='https://dispatch.verona.example/a.png' alt='A *map*'/></p>"

    @Test("a figure becomes an image with its caption, whose Markdown counts")
    func figure() throws {
        let issue = try Sample.issue(
            #"{{< figure src="/a.png" caption="The **old** [map](/map)" alt="Streets" width="300px" "#
                + #"title="Verona" link="https://maps.example/" target="_blank" >}}"#
        )
        #expect(
            Markup.xhtml(issue) == """
                <p><a href='https://maps.example/'>\
                <img src='https://dispatch.verona.example/a.png' alt='Streets' title='Verona' \
                width='300'/></a></p>
                <p><strong>Verona</strong></p>
                <p><em>The <strong>old</strong> \
                <a href='https://dispatch.verona.example/map'>map</a></em></p>
                """
        )
        #expect(issue.warnings == [])
    }

    @Test("without a description the caption's words describe the image")
    func description() throws {
        let issue = try Sample.issue(#"{{< figure src="/a.png" caption="It's the **old** map" >}}"#)
        #expect(Markup.figures(in: issue.body).map(\.description) == ["It's the old map"])
    }

    @Test("a figure within a paragraph splits it; none stands inside <p>")
    func splitParagraph() throws {
        let figure = #"{{< figure src="/a.png" alt="A *map*" >}}"#
        for text in ["Before \(figure) after", "Before\n\(figure)\nafter"] {
            let xhtml = Markup.xhtml(try Sample.issue(text))
            #expect(xhtml == "<p>Before</p>\n\(image)\n<p>after</p>")
        }
    }

    @Test("a figure in a list item stays in it, glued to the text or not")
    func inListItem() throws {
        let figure = #"{{< figure src="/a.png" alt="A *map*" >}}"#
        let glued = try Sample.issue("- One\n  \(figure)\n- Two")
        #expect(Markup.xhtml(glued) == "<ul><li>One\(image)</li><li>Two</li></ul>")
        let loose = try Sample.issue("- One\n\n  \(figure)\n\n- Two")
        #expect(Markup.xhtml(loose) == "<ul><li><p>One</p>\(image)</li><li><p>Two</p></li></ul>")
    }

    @Test("a figure in a heading, a link or bold text comes behind it")
    func hoisted() throws {
        let figure = #"{{< figure src="/a.png" alt="A *map*" >}}"#
        #expect(
            Markup.xhtml(try Sample.issue("# Map \(figure)"))
                == "<h1 id='map'>Map</h1>\n\(image)"
        )
        #expect(
            Markup.xhtml(try Sample.issue("See **the [map \(figure)](/m)**."))
                == "<p>See <strong>the <a href='https://dispatch.verona.example/m'>map </a></strong>"
                + "</p>\n\(image)\n<p>.</p>"
        )
    }

    @Test("the subscribe box is part of the issue, and shows nowhere but on the web")
    func subscribeBox() throws {
        let issue = try Sample.issue("One\n\n{{< newsletter-subscribe >}}\n\nTwo")
        #expect(issue.body.map(\.content).contains(.subscribeBox))
        #expect(Markup.xhtml(issue) == "<p>One</p>\n<p>Two</p>")
        #expect(issue.chatText(.full).contains("One\n\nTwo"))
    }

    @Test("shortcodes may use percent signs, several lines, raw and bare values")
    func otherForms() throws {
        let issue = try Sample.issue(
            "{{% figure src=`/a.png`\n  width=50%  alt=\"say \\\"hi\\\"\" /%}}\n\n[Next](#none)"
        )
        let figure = try #require(Markup.figures(in: issue.body).first)
        #expect(figure.source == "https://dispatch.verona.example/a.png")
        #expect(figure.description == "say \"hi\"")
        #expect(figure.width == "50%")
        // What follows keeps its line.
        #expect(issue.warnings.map(\.place) == [SourcePlace(line: 8, column: 1)])
    }

    @Test("in code, or written with comment signs, a shortcode is only text")
    func quoted() throws {
        let issue = try Sample.issue(
            """
            `{{< video >}}` and ``a ` {{< video >}}``, {{</* video */>}}

                {{< video >}}

            - item
              ```
              {{< video
              ```
            \\`{{< newsletter-subscribe >}}`
            """
        )
        #expect(
            Markup.xhtml(issue) == """
                <p><code>{{&lt; video &gt;}}</code> and <code>a ` {{&lt; video &gt;}}</code>, \
                {{&lt; video &gt;}}</p>
                <pre><code>{{&lt; video &gt;}}
                </code></pre>
                <ul><li>item<pre><code>{{&lt; video
                </code></pre></li></ul>
                <p>`</p>
                <p>`</p>
                """
        )
    }

    @Test(
        "what is wrong with a shortcode is an error at its place, with the remedy",
        arguments: [
            (
                "{{< figure src=\"/a.png\"",
                ":5:1: error: This shortcode is never closed. End it with '>}}'."
            ),
            (
                "{{% figure src=\"/a.png\" >}}",
                ":5:1: error: This shortcode is never closed. End it with '%}}'."
            ),
            ("Ä {{< figure\n\nsrc=\"/a.png\" >}}", ":5:3: error: This shortcode is never closed."),
            (
                "{{< figure {{< newsletter-subscribe >}}",
                ":5:1: error: This shortcode is never closed."
            ),
            ("{{<", ":5:1: error: This shortcode is never closed."),
            ("a\nb {{< vidoe id=1 >}}", ":6:3: error: There is no shortcode 'vidoe'."),
            ("{{< figur src=\"/a.png\" >}}", "Did you mean 'figure'? [shortcode-unknown]"),
            ("{{< /figure >}}", ":5:1: error: There is no shortcode '/figure'."),
            ("{{< >}}", ":5:1: error: The shortcode has no name."),
            ("{{< figure >}}", ":5:1: error: The figure has no image. Say which with src"),
            ("{{< figure src=\"\" >}}", ":5:1: error: The figure has no image."),
            (
                "{{< figure src=\"/a.png >}}",
                ":5:16: error: The quotation that begins here never ends."
            ),
            ("{{< figure src=“/a.png” >}}", ":5:16: error: Only straight quotation marks"),
            ("{{< figure src= >}}", ":5:12: error: 'src=' has no value."),
            ("{{< figure src=\"/a.png\" alt=\"a \"b\" c\" >}}", ":5:29: error: A blank is missing"),
            ("{{< figure = \"/a.png\" >}}", ":5:12: error: '=' is no value."),
        ]
    )
    func errors(text: String, message: String) throws {
        let errors = try Sample.errors("---\ntitle: A\ndate: 2026-03-05\n---\n" + text)
        #expect(errors.first?.contains(message) == true, "\(errors)")
    }

    @Test("every wrong shortcode of a file is told of")
    func allErrors() throws {
        let errors = try Sample.errors(
            "---\ntitle: A\ndate: 2026-03-05\n---\n{{< a >}} {{< b >}}\n{{< figure src=\"x\n{{< c >}}\n"
        )
        #expect(errors.count == 4)
    }

    @Test("arguments a figure does not have are warned of")
    func unknownArguments() throws {
        let issue = try Sample.issue(#"{{< figure src="/a.png" captoin="b" "c" >}}"#)
        #expect(
            issue.warnings.map(\.description) == [
                "2026-03-05-dispatch.md:5:25: warning: A figure has no argument 'captoin'. "
                    + "Did you mean 'caption'? [shortcode-argument]",
                "2026-03-05-dispatch.md:5:37: warning: A figure's values need names: write "
                    + "src=\"c\" or the like. [shortcode-argument]",
            ]
        )
    }

    @Test("an image that must not be loaded is left out, with a warning")
    func refusedImages() throws {
        let issue = try Sample.issue(
            "{{< figure src=\"javascript:x\" >}}\n\n{{< figure src=\"#a\" >}}\n\n![b](data:x)"
        )
        #expect(Markup.xhtml(issue) == "<p>b</p>")
        #expect(issue.warnings.contains { $0.rule == .linkScheme && $0.place.line == 5 })
        #expect(issue.warnings.contains { $0.rule == .linkScheme && $0.place.line == 7 })
        #expect(issue.warnings.contains { $0.rule == .linkScheme && $0.place.line == 9 })
    }

    @Test("text with characters of the private use area stays as it is")
    func privateCharacters() throws {
        let issue = try Sample.issue("\u{E000}0\u{E000} {{< newsletter-subscribe >}}")
        #expect(Markup.xhtml(issue) == "<p>\u{E000}0\u{E000}</p>")
    }
}
