// Package labelled finds values on web pages by the label that is printed
// before them, as a reader does: "Publishing date: 24 January 2022".
//
// What enters: an element and labels, alternatives in order. What leaves: the
// elements that hold the value of the first label that has one. What it
// refuses: words in a sentence, links and buttons that happen to be called as
// the label.
//
// The shapes that it knows, each seen on sites of publishers, libraries and
// ministries:
//
//   - <dt>Label</dt> <dd>value</dd>, several dd, groups of them in div
//
//   - <th>Label</th> <td>value</td> in a row, and columns below a row of heads;
//     a card that is a row finds the heads of its table, across spans
//
//   - <td data-label="Label">value</td>, as tables for small screens have it
//
//   - <strong>Label:</strong> value, up to the end of the line or the next label
//
//   - <div class="label">Label</div> <div>value</div>, as Drupal prints fields
//
//   - <h3>Label</h3> and what follows up to the next heading
//
//   - Label: value, a line of plain text, also one of several between bars
//
//     find.go   Find: the walk for labels
//     fold.go   when a printed label is the one that is looked for
//     beside.go the value behind an element, line.go that in a line of text
//     table.go  rows and columns
package labelled
