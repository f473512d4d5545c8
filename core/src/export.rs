//! The rows and columns of exports, each column classed.
