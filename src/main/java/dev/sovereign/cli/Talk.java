package dev.sovereign.cli;

import dev.sovereign.error.Where;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.IOException;
import java.io.InputStream;

/// Deals with what every request may stream besides its answer: notes, progress, files that the
/// node wants. Commands that receive more extend it.
class Talk implements Listener {

    final Invocation call;
    final Waiting waiting;

    Talk(Invocation call) {
        this.call = call;
        this.waiting = Waiting.start(call);
    }

    @Override
    public void note(Response.Note note) {
        waiting.clear();
        if (call.globals.quiet()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        if (call.globals.json()) {
            text.append(Faults.jsonNote(note.diagnostic())).append('\n');
        } else if (call.globals.verbose() || !isAboutTheQuestion(note.diagnostic().where())) {
            Faults.append(text, note.diagnostic(), call.errColor(), call.errColumns());
        } else {
            Faults.appendOneLine(text, note.diagnostic(), call.errColor());
        }
        call.streams.out.flush();
        call.streams.err.print(text).flush();
    }

    /// Whether a place is in what was typed on this very command line, or nowhere.
    private static boolean isAboutTheQuestion(@org.jspecify.annotations.Nullable Where where) {
        return where == null || where.file().equals("query");
    }

    @Override
    public void progress(Response.Progress progress) {
        waiting.show(progress);
    }

    @Override
    public void text(Response.Text text) {
        waiting.stop();
        String plain = text.text();
        call.out.print(call.streams.outIsTerminal ? Display.visibleText(plain) : plain);
    }

    @Override
    public InputStream open(Response.Wanted wanted) throws IOException {
        return Inputs.open(call.streams, wanted.name(), wanted.from());
    }

    /// Asks the daemon for something that has no answer of many parts.
    <R extends Response.Closing> R ask(Request<R> request) throws InterruptedException {
        try {
            return call.ask(request, this);
        } finally {
            waiting.stop();
        }
    }

    /// Asks this process.
    <R extends Response.Closing> R askHere(Request<R> request) throws InterruptedException {
        try {
            return call.askHere(request, this);
        } finally {
            waiting.stop();
        }
    }
}
