package dev.sovereign.runtime.pack;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version by the rules of semver.org 2.0.0, without build metadata: numbers of at most nine
/// digits, and a pre-release that comes before the release itself.
///
/// @param preRelease without its hyphen; empty for a release
public record Version(int major, int minor, int patch, String preRelease)
        implements Comparable<Version> {

    /// Longer ones are nobody's version.
    static final int CHARS = 64;

    private static final String NUMBER = "(0|[1-9][0-9]{0,8})";
    private static final String PART = "(?:0|[1-9][0-9]{0,8}|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final Pattern FORM =
            Pattern.compile(
                    NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-(" + PART + "(?:\\." + PART
                            + ")*))?");

    /// Null when `text` is no version.
    public static @Nullable Version parse(String text) {
        if (text.length() > CHARS) {
            return null;
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String pre = matcher.group(4);
        return new Version(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                pre == null ? "" : pre);
    }

    @Override
    public int compareTo(Version other) {
        int order = Integer.compare(major, other.major);
        order = order != 0 ? order : Integer.compare(minor, other.minor);
        order = order != 0 ? order : Integer.compare(patch, other.patch);
        if (order != 0 || preRelease.equals(other.preRelease)) {
            return order;
        }
        if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
            return preRelease.isEmpty() ? 1 : -1;
        }
        return comparePreReleases(preRelease.split("\\.", -1), other.preRelease.split("\\.", -1));
    }

    private static int comparePreReleases(String[] left, String[] right) {
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            boolean leftIsNumber = isNumber(left[i]);
            boolean rightIsNumber = isNumber(right[i]);
            int order;
            if (leftIsNumber && rightIsNumber) {
                order = Integer.compare(Integer.parseInt(left[i]), Integer.parseInt(right[i]));
            } else if (leftIsNumber != rightIsNumber) {
                order = leftIsNumber ? -1 : 1;
            } else {
                order = left[i].compareTo(right[i]);
            }
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private static boolean isNumber(String part) {
        return part.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public String toString() {
        String release = major + "." + minor + "." + patch;
        return preRelease.isEmpty() ? release : release + "-" + preRelease;
    }
}
