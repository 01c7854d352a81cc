package dev.sovereign.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import javax.xml.parsers.DocumentBuilderFactory;

class RuleGraphSvgTest {

    private static RuleGraphSvg.Edge edge(String from, String to, String label) {
        return new RuleGraphSvg.Edge(from, to, label);
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private record Box(String name, double x, double y, double width) {}

    private static List<Box> boxes(Document svg) {
        List<Box> boxes = new ArrayList<>();
        NodeList rects = svg.getElementsByTagName("rect");
        for (int i = 0; i < rects.getLength(); i++) {
            Element rect = (Element) rects.item(i);
            Element text = (Element) rect.getNextSibling();
            boxes.add(
                    new Box(
                            text.getTextContent(),
                            Double.parseDouble(rect.getAttribute("x")),
                            Double.parseDouble(rect.getAttribute("y")),
                            Double.parseDouble(rect.getAttribute("width"))));
        }
        return boxes;
    }

    private static Box box(Document svg, String name) {
        return boxes(svg).stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void aRelationStandsAboveWhatItIsDerivedFrom() throws Exception {
        Document svg =
                parse(
                        RuleGraphSvg.draw(
                                Set.of("path", "far"),
                                List.of(
                                        edge("edge", "path", ""),
                                        edge("path", "path", ""),
                                        edge("path", "far", "not"),
                                        edge("town", "far", "aggregate"))));
        assertEquals(4, boxes(svg).size());
        assertTrue(box(svg, "path").y() < box(svg, "edge").y());
        assertTrue(box(svg, "far").y() < box(svg, "path").y());
        assertEquals(
                5, svg.getElementsByTagName("path").getLength(), "four edges and an arrow head");
    }

    @Test
    void namesAreTextAndNothingElse() throws Exception {
        Document svg =
                parse(RuleGraphSvg.draw(Set.of(), List.of(edge("a<b>&\"c\"", "</svg>", ""))));
        assertEquals("a<b>&\"c\"", box(svg, "a<b>&\"c\"").name());
        assertEquals(0, svg.getElementsByTagName("b").getLength());
    }

    /// Cycles, chains, wide layers: whatever the rules, boxes lie beside each other.
    @Test
    void boxesNeverOverlap() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int relations = 1 + random.nextInt(40);
            List<RuleGraphSvg.Edge> edges = new ArrayList<>();
            Set<String> names = new TreeSet<>();
            for (int i = 0; i < relations * 2; i++) {
                String from = "r" + random.nextInt(relations) + "x".repeat(random.nextInt(9));
                String to = "r" + random.nextInt(relations);
                edges.add(edge(from, to, random.nextBoolean() ? "" : "not"));
                names.add(from);
                names.add(to);
            }
            Document svg = parse(RuleGraphSvg.draw(names, edges));
            List<Box> boxes = boxes(svg);
            assertEquals(names.size(), boxes.size(), "seed " + seed);
            double width = Double.parseDouble(svg.getDocumentElement().getAttribute("width"));
            for (Box one : boxes) {
                assertTrue(one.x() >= 0 && one.x() + one.width() <= width, "seed " + seed);
                for (Box other : boxes) {
                    assertTrue(
                            one.equals(other)
                                    || one.y() != other.y()
                                    || one.x() + one.width() <= other.x()
                                    || other.x() + other.width() <= one.x(),
                            "seed " + seed + ": " + one + " and " + other);
                }
            }
        }
    }

    @Test
    void aLongChainOfRulesIsDrawnWithoutADeepStack() throws Exception {
        List<RuleGraphSvg.Edge> edges = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            edges.add(edge("r" + i, "r" + (i + 1), ""));
        }
        assertEquals(20_001, boxes(parse(RuleGraphSvg.draw(Set.of(), edges))).size());
    }
}
