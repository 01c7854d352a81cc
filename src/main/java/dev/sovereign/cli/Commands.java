package dev.sovereign.cli;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Every command by name. Only the one that is called is ever built.
final class Commands {

    /// @param name the words after `sovereign`
    /// @param summary what it does, in one line without a period
    record Entry(String name, String summary) {}

    /// Sections of the help, in its order.
    record Section(String title, List<Entry> entries) {}

    private Commands() {}

    /// Named by the contract, carried out by a later build: commands, and options of commands.
    static final List<String> LATER = List.of("watch", "store forget", "query --rules-as-of");

    /// The first words of commands of two.
    static final List<String> GROUPS =
            List.of(
                    "rules", "skill", "store", "key", "peer", "license", "mesh", "daemon",
                    "config");

    static boolean isGroup(String name) {
        return switch (name) {
            case "rules", "skill", "store", "key", "peer", "license", "mesh", "daemon", "config" ->
                    true;
            default -> false;
        };
    }

    static boolean isLater(String name) {
        return LATER.contains(name);
    }

    /// A new command; null when there is none of that name.
    static @Nullable Command create(String name) {
        return switch (name) {
            case "query" -> new QueryCommand();
            case "why" -> new WhyCommands.Why();
            case "whynot" -> new WhyCommands.WhyNot();
            case "relations" -> new RelationsCommand();
            case "log" -> new LogCommands.Log();
            case "history" -> new LogCommands.History();
            case "assert" -> new ChangeCommands.Assert();
            case "retract" -> new ChangeCommands.Retract();
            case "import" -> new ImportCommand();
            case "export" -> new ExportCommand();
            case "rules add" -> new RulesCommands.Add();
            case "rules list" -> new RulesCommands.ListAll();
            case "rules show" -> new RulesCommands.Show();
            case "rules remove" -> new RulesCommands.Remove();
            case "rules check" -> new RulesCommands.Check();
            case "rules graph" -> new RulesCommands.Graph();
            case "run" -> new RunCommand();
            case "check" -> new CheckCommand();
            case "skill check" -> new ModuleCommands.Check();
            case "skill install" -> new SkillCommands.Install();
            case "skill list" -> new SkillCommands.ListAll();
            case "skill show" -> new SkillCommands.Show();
            case "skill grant" -> new SkillCommands.Grant();
            case "skill revoke" -> new SkillCommands.Revoke();
            case "skill run" -> new SkillCommands.Run();
            case "skill remove" -> new SkillCommands.Remove();
            case "skill new" -> new SkillNewCommand();
            case "store info" -> StoreCommands.info();
            case "store check" -> StoreCommands.check();
            case "store backup" -> new StoreCommands.Backup();
            case "store restore" -> new StoreCommands.Restore();
            case "store encrypt" -> StoreCommands.encrypt();
            case "store decrypt" -> StoreCommands.decrypt();
            case "store rekey" -> StoreCommands.rekey();
            case "store compact" -> StoreCommands.compact();
            case "mesh run" -> new MeshRunCommand();
            case "license id" -> new LicenseCommands.Id();
            case "license activate" -> new LicenseActivation();
            case "license request" -> new LicenseCommands.Offer();
            case "license status" -> new LicenseCommands.Status();
            case "license verify" -> new LicenseCommands.Verify();
            case "license check" -> new LicenseCommands.Check();
            case "license import" -> new LicenseCommands.Import();
            case "license export" -> new LicenseCommands.Export();
            case "license explain" -> new LicenseCommands.Explain();
            case "key new" -> new KeyCommands.New();
            case "key show" -> new KeyCommands.Show();
            case "key rotate" -> new KeyCommands.Rotate();
            case "key id" -> new KeyCommands.Id();
            case "peer list" -> new PeerCommands.ListAll();
            case "peer discover" -> new PeerCommands.Discover();
            case "peer map" -> new PeerCommands.Map();
            case "peer add" -> new PeerCommands.Add();
            case "peer remove" -> new PeerCommands.Remove();
            case "peer allow" -> new PeerCommands.Allow();
            case "peer deny" -> new PeerCommands.Deny();
            case "peer ping" -> new PeerCommands.Ping();
            case "peer show" -> new PeerCommands.Show();
            case "peer perf" -> new PeerCommands.Perf();
            case "status" -> new StatusCommand();
            case "daemon start" -> new DaemonCommands.Start();
            case "daemon stop" -> new DaemonCommands.Stop();
            case "daemon restart" -> new DaemonCommands.Restart();
            case "daemon run" -> new DaemonCommands.Run();
            case "daemon logs" -> new DaemonCommands.Logs();
            case "daemon install" -> new ServiceCommands.Install();
            case "daemon uninstall" -> new ServiceCommands.Uninstall();
            case "doctor" -> new DoctorCommand();
            case "config list" -> new ConfigCommands.ListAll();
            case "config get" -> new ConfigCommands.Get();
            case "config set" -> new ConfigCommands.Set();
            case "config unset" -> new ConfigCommands.Unset();
            case "config edit" -> new ConfigCommands.Edit();
            case "config path" -> new ConfigCommands.FilePath();
            case "repl" -> new ReplCommand();
            case "completion" -> new CompletionCommand();
            case "version" -> new VersionCommand();
            case "help" -> new HelpCommand();
            case CompleteCommand.NAME -> new CompleteCommand();
            default -> null;
        };
    }

    static List<Section> sections() {
        return List.of(
                section(
                        "Ask",
                        "query",
                        "ask what this node knows",
                        "why",
                        "show the proof of something that holds",
                        "whynot",
                        "show which premise of something fails",
                        "relations",
                        "list relations with types and counts",
                        "log",
                        "list transactions, newest first",
                        "history",
                        "show when a fact was asserted and retracted",
                        "repl",
                        "ask and change at a prompt"),
                section(
                        "Change",
                        "assert",
                        "add facts",
                        "retract",
                        "remove facts",
                        "import",
                        "add the rows of files",
                        "export",
                        "write a relation or an answer to a file",
                        "rules add",
                        "store a module of rules",
                        "rules list",
                        "list the modules",
                        "rules show",
                        "print the program of a module",
                        "rules remove",
                        "remove a module",
                        "rules check",
                        "check modules again",
                        "rules graph",
                        "draw which relation depends on which"),
                section(
                        "Programs without the store",
                        "run",
                        "run a program as souffle does",
                        "check",
                        "report everything that is wrong with programs"),
                section(
                        "Skills",
                        "skill install",
                        "install a skill and say what it may do",
                        "skill list",
                        "list installed skills",
                        "skill show",
                        "show what a skill is, asks for and holds",
                        "skill grant",
                        "give a skill what it asks for",
                        "skill revoke",
                        "take from a skill what it holds",
                        "skill run",
                        "run a skill, or call an export of a module",
                        "skill remove",
                        "remove a skill",
                        "skill new",
                        "begin a skill of your own",
                        "skill check",
                        "say what a WebAssembly module is, or why it is refused"),
                section(
                        "Store",
                        "store info",
                        "show where the store is and what it holds",
                        "store check",
                        "verify the whole store",
                        "store backup",
                        "write a backup while work goes on",
                        "store restore",
                        "put a backup in the place of the store",
                        "store encrypt",
                        "encrypt the store under store.key",
                        "store decrypt",
                        "write the store without encryption",
                        "store rekey",
                        "encrypt the store under a new key",
                        "store compact",
                        "give back space that is not needed"),
                section(
                        "Mesh",
                        "key new",
                        "make a swarm key",
                        "key show",
                        "show the fingerprint of the swarm key",
                        "key rotate",
                        "change the swarm key without downtime",
                        "key id",
                        "print the PeerId of this node",
                        "peer list",
                        "list the peers and how they are connected",
                        "peer discover",
                        "ask the LAN who is of this network",
                        "peer map",
                        "draw this node and its peers",
                        "peer add",
                        "add a peer and keep it connected",
                        "peer remove",
                        "forget a peer",
                        "peer allow",
                        "let a peer stay",
                        "peer deny",
                        "refuse a peer",
                        "peer ping",
                        "measure round trips to a peer",
                        "peer show",
                        "show all that is known about a peer",
                        "peer perf",
                        "measure throughput to a peer",
                        "mesh run",
                        "run on the private network alone, in the foreground"),
                section(
                        "License",
                        "license id",
                        "show what binds a license to this machine",
                        "license request",
                        "print what to pay, and how",
                        "license activate",
                        "find the payment, and follow it until it is confirmed",
                        "license status",
                        "judge the license of this node anew",
                        "license verify",
                        "verify a proof file, without a network",
                        "license check",
                        "judge one raw transaction by the rule alone",
                        "license import",
                        "verify a proof file and store it",
                        "license export",
                        "write the license as a proof file",
                        "license explain",
                        "show each check of a proof with its bytes"),
                section(
                        "Node",
                        "status",
                        "show how the node is doing",
                        "daemon start",
                        "start the daemon when none runs",
                        "daemon stop",
                        "stop the daemon",
                        "daemon restart",
                        "stop the daemon and start it again",
                        "daemon run",
                        "run the daemon in the foreground",
                        "daemon logs",
                        "print the log of the daemon",
                        "daemon install",
                        "make the daemon permanent",
                        "daemon uninstall",
                        "undo `daemon install`",
                        "doctor",
                        "find what is wrong with this installation",
                        "config list",
                        "list all settings and where they come from",
                        "config get",
                        "print one setting",
                        "config set",
                        "change a setting",
                        "config unset",
                        "remove a setting",
                        "config edit",
                        "open the configuration in an editor",
                        "config path",
                        "print where the configuration is"),
                section(
                        "This program",
                        "completion",
                        "print completion for a shell",
                        "version",
                        "show the version",
                        "help",
                        "show help on a command or topic"));
    }

    private static Section section(String title, String... namesAndSummaries) {
        List<Entry> entries = new ArrayList<>(namesAndSummaries.length / 2);
        for (int i = 0; i < namesAndSummaries.length; i += 2) {
            entries.add(new Entry(namesAndSummaries[i], namesAndSummaries[i + 1]));
        }
        return new Section(title, entries);
    }

    static String summary(String name) {
        for (Section section : sections()) {
            for (Entry entry : section.entries()) {
                if (entry.name().equals(name)) {
                    return entry.summary();
                }
            }
        }
        return "";
    }

    /// Every name, in the order of the help.
    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Section section : sections()) {
            for (Entry entry : section.entries()) {
                names.add(entry.name());
            }
        }
        return names;
    }

    /// What may stand first: commands of one word and groups.
    static List<String> firstWords() {
        List<String> words = new ArrayList<>();
        for (String name : names()) {
            int space = name.indexOf(' ');
            String word = space < 0 ? name : name.substring(0, space);
            if (!words.contains(word)) {
                words.add(word);
            }
        }
        return words;
    }

    /// The second words of a group.
    static List<String> secondWords(String group) {
        List<String> words = new ArrayList<>();
        for (String name : names()) {
            if (name.startsWith(group + " ")) {
                words.add(name.substring(group.length() + 1));
            }
        }
        return words;
    }

    /// The model of a command with the options that all share.
    static Shape shape(String name, Command command) {
        Shape shape = new Shape(name);
        command.describe(shape);
        return shape.globals();
    }
}
