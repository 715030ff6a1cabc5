/** A catalogue: words by area, as deep as it goes. */
export interface Words {
  [key: string]: string | Words
}
