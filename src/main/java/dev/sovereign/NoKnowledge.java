package dev.sovereign;

import dev.sovereign.node.KnowledgeHandler;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.protocol.Home;

import java.io.IOException;

/// Stands in until the knowledge base lands.
final class NoKnowledge implements KnowledgeHandler.Factory {
    @Override
    public KnowledgeHandler open(Home home, Configuration configuration) throws IOException {
        throw new IOException("this build has no knowledge base");
    }
}
