package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// The editor that VISUAL or EDITOR names, on the terminal of this process.
public final class Editor {

    private Editor() {}

    /// Opens a file and waits until the editor has ended. Ctrl-C is the editor's meanwhile.
    public static void open(Map<String, String> environment, String path) {
        String editor = name(environment);
        // an editor may come with options, so the shell takes it apart, as git has it
        ProcessBuilder process =
                File.separatorChar == '/'
                        ? new ProcessBuilder("/bin/sh", "-c", editor + " \"$@\"", editor, path)
                        : new ProcessBuilder(editor, path);
        int status;
        try {
            status = await(process.inheritIO().start());
        } catch (IOException absent) {
            throw new SovereignException(
                    CliError.EDITOR,
                    "cannot start the editor \"" + editor + "\"",
                    "set VISUAL or EDITOR",
                    absent);
        }
        if (status != 0) {
            throw new SovereignException(
                    CliError.EDITOR,
                    "the editor \"" + editor + "\" ended with status " + status,
                    "set VISUAL or EDITOR, or change \"" + path + "\" by other means");
        }
    }

    /// Waits for a process that has the terminal, so that Ctrl-C is its own.
    public static int await(Process process) {
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException notOurs) {
                // it goes on
            }
        }
        return process.exitValue();
    }

    private static String name(Map<String, String> environment) {
        for (String name : List.of("VISUAL", "EDITOR")) {
            String editor = environment.get(name);
            if (editor != null && !editor.isBlank()) {
                return editor;
            }
        }
        return File.separatorChar == '/' ? "vi" : "notepad";
    }
}
